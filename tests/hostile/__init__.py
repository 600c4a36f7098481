"""Text and files made to do harm, and proof that all they do is to be seen."""
