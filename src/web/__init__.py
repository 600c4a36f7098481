"""The monitor in a browser of this machine: who may come in, the page, and one screen a tab."""
