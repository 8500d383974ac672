"""Queries: functions of a connection, a moment and filters that return frozen rows. Nothing here writes."""
