"""The questions: each a function of a session, a moment and filters, that returns frozen rows. Nothing here writes."""
