"""Intake (表格接收): the columns of a children workbook, and the judge of its rows. No row is written here."""
