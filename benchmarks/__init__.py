"""What tapewatch costs, as ratios within one run: `python -m benchmarks`. A module a family of goals."""
