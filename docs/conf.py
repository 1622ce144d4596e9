"""How sphinx makes the pages: `nox -s docs`."""

from __future__ import annotations

from importlib.metadata import version as installed

project = "ordercore"
author = "The ordercore developers"
copyright = author
version = release = installed("ordercore")

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"ordercore {release}"
