"""What only the feed writes: bars, journal, studies and budget, in SQLite."""
