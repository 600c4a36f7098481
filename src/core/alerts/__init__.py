"""Alerts: when they fire (pure), and how that is told (beside the feed's loop)."""
