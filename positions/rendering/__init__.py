"""What people and programs see: rows as a page of text, JSON, CSV or Markdown. Nothing here opens a database."""
