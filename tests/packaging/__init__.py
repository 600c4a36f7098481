"""The packages that are given away, installed elsewhere and held to what the checkout does."""
