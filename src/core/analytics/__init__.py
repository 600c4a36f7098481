"""Pure functions over bars, one family a file."""
