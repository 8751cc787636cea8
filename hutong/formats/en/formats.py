"""English: day before month, moments without seconds."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j F"
DATETIME_FORMAT = "j M, H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
