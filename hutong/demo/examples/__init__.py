"""Examples (示例表格): three small workbooks to try the check with; made by `python -m hutong.demo.examples`."""
