"""Printing rows as tables, Markdown, JSON or CSV. Nothing here opens a database."""
