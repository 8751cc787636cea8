"""Kit (工具): the seven tools every room uses. An eighth needs a decision record."""
