"""Episode files: the format, loading and dumping."""
