"""The browser that looks at pages: Debian's Chromium or that of POSITIONS_CHROMIUM, driven by Playwright."""

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--disable-lcd-text"),
)


def path() -> str:
    """Where the browser should be."""
    return os.environ.get("POSITIONS_CHROMIUM", "/usr/bin/chromium")


def lacking() -> str | None:
    """What is not installed, and how it is; None if all is there."""
    if importlib.util.find_spec("playwright") is None:
        return "Playwright is missing: pip install -e '.[dev]'"
    if not Path(path()).exists():
        return f"{path()} is missing: apt-get install chromium, or name a Chromium by POSITIONS_CHROMIUM"
    return None


@contextmanager
def started() -> "Iterator[Browser]":
    """The browser, which ends with the block."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()
