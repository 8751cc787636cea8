"""Workbooks (电子表格): read as they were typed, laid out by their headers, written as templates, given back marked."""
