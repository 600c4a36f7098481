"""Charts as lines of text: values become cells here, and nothing knows of a terminal."""
