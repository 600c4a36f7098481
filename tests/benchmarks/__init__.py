"""The benchmarks' own tests: that what they say is right, never how quick anything is."""
