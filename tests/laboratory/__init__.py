"""The fault laboratory: everything that may go wrong, done on purpose, and what became of it."""
