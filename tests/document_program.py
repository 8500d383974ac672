"""The program, as the README's examples call it."""

from positions.app import app

app(prog_name="positions")
