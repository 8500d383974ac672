"""The command line, for a checkout: `python cli.py --help`."""

import sys

try:
    from positions.__main__ import main

    main()
except ModuleNotFoundError as error:
    if error.name is None or error.name.startswith("positions"):
        raise
    missing = f"Error: {error.name} is not installed for {sys.executable}"
    sys.exit(f"{missing}\nHint: Run `pip install -e .` first, or use the Python of your virtual environment.")
