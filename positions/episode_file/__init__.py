"""Episode files: the one form in which a source is written down, read and given out again."""
