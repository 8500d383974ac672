"""The site of README, docs and codebook: `sphinx-build -W -c docs . build/site` makes build/site/index.html."""

from positions import __version__

project = "positions"
version = release = __version__
root_doc = "docs/index"
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/**.md", "data/*.md"]
extensions = ["myst_parser"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # the reference lists entries on one level
highlight_language = "text"
html_theme = "furo"
html_title = "positions"
html_additional_pages = {"index": "start.html"}  # the first page is docs/index.html
templates_path = ["templates"]
html_copy_source = False
