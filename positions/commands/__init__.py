"""The command line. Commands import what is slow to import inside their functions, to keep `--help` fast."""
