"""Registry (儿童登记): children, the people around them, category holdings, and the import of workbooks."""
