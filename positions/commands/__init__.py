"""The command line: each command opens a database, asks or records, and shows. Nothing heavy is imported up here."""
