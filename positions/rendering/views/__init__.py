"""How the rows of each question are laid out for people."""
