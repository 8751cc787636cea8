"""Chinese: thousands by comma, moments without seconds."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
DATE_FORMAT = "Y年n月j日"
MONTH_DAY_FORMAT = "n月j日"
DATETIME_FORMAT = "n月j日 H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
