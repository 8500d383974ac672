"""Rows as people and programs see them: tables, JSON, CSV, Markdown. Nothing here opens a database."""
