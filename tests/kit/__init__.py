"""Kit: one file for each tool."""
