"""The command line, for a checkout: `python cli.py --help`."""

from positions.__main__ import main

main()
