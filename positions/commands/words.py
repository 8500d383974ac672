"""What a command tells a person beside its answer."""

import typer

from positions.visible import visible


def tell(text: str) -> None:
    """Print `text` on stderr; what would act on the terminal, like an escape code in a file's name, is written out."""
    typer.echo(visible(text), err=True)
