"""Data, analytics and flags: everything but the terminal."""
