"""The command line, for a checkout: `python cli.py --help`."""

from positions.app import app

app()
