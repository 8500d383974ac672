"""The group of commands that add one entry; the commands themselves are loaded when one of them is asked for."""

from typing import Any

from typer.main import get_group

from positions.commands import help


class _Loaded(help.Group):
    """A group that loads its commands when it is asked for them: their many options take long to set out."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of the commands, in the order in which they are listed."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None if there is none."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        if not self.commands:
            from positions.commands import entries

            self.commands = get_group(entries.app).commands


app = help.App(cls=_Loaded, no_args_is_help=True)


@app.callback()
def add() -> None:
    """Add one entry to an episode without writing a file. A terminal is asked for what is missing.

    Example: positions add response --help
    """
