"""The screen: textual, and of core only data and model."""
