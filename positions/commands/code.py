"""The command that opens the coder's desk."""

from pathlib import Path
from typing import Annotated

import typer

from positions.commands import console, context, options
from positions.commands.console import tell

app = console.App()


@app.command(rich_help_panel=options.RECORD)
def code(
    ctx: typer.Context,
    text: Annotated[Path, typer.Argument(metavar="TEXT", help="The text of the source.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The episode file; by default named after the text, like talk.yaml."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="The port; by default 8002, or a free one."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Code a text in a web browser: select words and say what they are. Ctrl+C ends it.

    Served on this machine only, at an address with a secret token. What is not saved is kept beside the file, as
    .FILE.draft. Needs Starlette: pip install -e '.[code]'.

    Example: positions code 2022-01-26-replies.txt
    """
    from positions import database
    from positions.errors import InvalidRequestError

    try:
        from positions.desk.server import serve
    except ModuleNotFoundError as error:
        raise InvalidRequestError(
            "coding in the browser needs Starlette", "Install it with `pip install -e '.[code]'`."
        ) from error
    from positions.desk.desk import Desk

    named = file or text.with_suffix(".yaml")
    if named == text:
        raise InvalidRequestError(
            f"{text} is an episode file",
            f"Put the text that it was coded from before it: `positions code TEXT {text}`.",
        )
    desk = Desk(context.db(ctx), text, named)

    def ready(address: str) -> None:
        tell(f"{named} is at {address} (this machine only; Ctrl+C ends it)")
        if not no_browser:
            import webbrowser
            from threading import Thread

            # In a thread, because a browser in the terminal blocks until it is closed.
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    tell(f"Coding {text} into {database.place(context.db(ctx))}.")
    serve(desk, port, ready)
