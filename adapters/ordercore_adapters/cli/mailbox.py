"""A folder of `.eml` files as one page to look at in a browser."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from pathlib import Path
from typing import NamedTuple

PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{count} mails</title>
<style>
 body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem;
        padding: 0 1rem; color-scheme: light dark }}
 details {{ border: 1px solid #8884; border-radius: .5rem; margin: .5rem 0; padding: .5rem 1rem }}
 summary {{ cursor: pointer }} summary span {{ opacity: .65 }}
 iframe {{ width: 100%; height: 46rem; border: 0; margin-top: .5rem }}
</style>
<h1>{count} mails</h1>
{mails}
"""
MAIL = """<details><summary>{subject} <span>to {to}</span></summary>
<iframe sandbox loading="lazy" srcdoc="{html}"></iframe></details>"""


class Mailbox(NamedTuple):
    """What is shown of a mailbox in a terminal: one mail as plain text."""

    title: str
    shown: str


def write_mailbox(folder: Path, page: Path, *, show: str) -> Mailbox:
    """Write every mail of `folder` to one HTML page; return the first that says `show` as text."""
    mails = sorted((_read(path) for path in folder.glob("*.eml")), key=_when)
    parts = [
        MAIL.format(
            subject=escape(str(mail["Subject"])),
            to=escape(str(mail["To"])),
            html=escape(_body(mail, "html"), quote=True),
        )
        for mail in mails
    ]
    page.write_text(PAGE.format(count=len(mails), mails="\n".join(parts)), encoding="utf-8")
    one = next((mail for mail in mails if show in _body(mail, "plain")), mails[0])
    return Mailbox(f"{one['Subject']}", _body(one, "plain").strip())


def _read(path: Path) -> EmailMessage:
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101
    return mail


def _when(mail: EmailMessage) -> str:
    return str(mail["Message-ID"])


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
