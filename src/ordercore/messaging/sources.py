"""Where the words of messages come from: files in this package, a section for each part.

`templates/<language>/<kind>.jinja` holds the sections `subject`, `preview` (the
line that mail programs show beside the subject), `text` and `html`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

_SECTION = re.compile(r"^=== ([a-z]+)\n", re.MULTILINE)

_DRESS = {
    "<h1>": "margin:0 0 18px; font-size:25px; line-height:32px; font-weight:700; "
    "letter-spacing:-0.4px; color:#1f2527;",
    "<h2>": "margin:0 0 4px; font-size:14px; line-height:22px; font-weight:600; color:#1f2527;",
    "<p>": "margin:0 0 18px; color:#2a3134; word-break:break-word;",
    '<table class="facts">': "margin:0 0 24px; border-collapse:collapse; text-align:left;",
    "<th>": "padding:2px 18px 2px 0; font-size:14px; font-weight:400; color:#687270; "
    "vertical-align:baseline; white-space:nowrap;",
    "<td>": "padding:2px 0; font-size:15px; font-weight:600; color:#2a3134; "
    "vertical-align:baseline; word-break:break-word;",
    '<a class="button"': "display:inline-block; margin:6px 0 4px; padding:13px 26px; "
    "border-radius:9px; background-color:#17594a; color:#ffffff; font-weight:600; "
    "text-decoration:none;",
    '<a class="quiet"': "color:#17594a; font-weight:600; text-decoration:underline;",
}
"""What each plain tag of a template wears: mail programs read styles best at the tag itself."""


def load(name: str) -> str | None:
    """Return the template source called `<folder>/<stem>.<section>`, or None.

    Tags of an html section are dressed here, in the source, where nothing that
    a customer typed stands yet.
    """
    path, _, section = name.rpartition(".")
    source = _sections(path).get(section)
    return _dressed(source) if source is not None and section == "html" else source


def is_written(kind: str, language: str) -> bool:
    """Tell whether this package has the words of a kind of message in a language."""
    return bool(_sections(f"{language}/{kind}"))


@lru_cache(maxsize=256)
def _sections(path: str) -> Mapping[str, str]:
    folder, _, stem = path.partition("/")
    file = files("ordercore.messaging") / "templates" / folder / f"{stem}.jinja"
    if not file.is_file():
        return {}
    _, *parts = _SECTION.split(file.read_text(encoding="utf-8"))
    return {name: body.strip("\n") for name, body in zip(parts[::2], parts[1::2], strict=True)}


def _dressed(source: str) -> str:
    for tag, style in _DRESS.items():
        source = source.replace(tag, f'{tag.rstrip(">")} style="{style}"{">" * tag.endswith(">")}')
    return source
