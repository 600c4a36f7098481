"""The faults by family; a scenario is one value in one of these files."""
