"""What traders expect of any monitor, by number, and the two diseases that this one must not have."""
