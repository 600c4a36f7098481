"""The claim check: what a trader reads somewhere, held against the bars."""
