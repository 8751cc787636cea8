"""Law: no database, the whole folder in seconds."""
