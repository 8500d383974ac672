"""The entry point: `positions`, or `python -m positions`."""

import atexit
import gc


def main() -> None:
    """Run the command line."""
    gc.disable()  # a short-lived process; `browse`, which stays up, enables it again
    atexit.register(gc.freeze)  # also skip the full collection at exit
    from positions.app import app

    app()


if __name__ == "__main__":
    main()
