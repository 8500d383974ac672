"""The program as a process of its own: `positions`, or `python -m positions`."""

import atexit
import gc


def main() -> None:
    """Run the command that the process was given."""
    gc.disable()  # it ends before looking for unused cycles is worth the time; what stays up enables it again
    atexit.register(gc.freeze)  # nor does Python look for them once more, in all that there is, before it ends
    from positions.app import app

    app()


if __name__ == "__main__":
    main()
