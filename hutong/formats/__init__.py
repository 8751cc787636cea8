"""Formats (格式): how dates and numbers are written, where Django's own are not what offices use."""
