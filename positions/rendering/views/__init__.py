"""How each question's rows are laid out for people."""
