"""The demonstration: building it, what stands then, and the example workbooks."""
