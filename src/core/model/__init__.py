"""Types only: what the feed publishes, the screen shows and `--json` prints."""
