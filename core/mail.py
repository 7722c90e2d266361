"""Reads the mail that a development site wrote to files instead of sending it."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

SEPARATOR = "-" * 79  # what Django's file backend writes after every letter


@dataclass(frozen=True)
class Letter:
    sent_at: datetime | None
    to: str
    subject: str
    text: str


def sent(folder: Path, *, limit: int) -> list[Letter]:
    """The newest letters in the folder of Django's file backend; empty when there is none."""
    files = sorted(Path(folder).glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    letters: list[Letter] = []
    for path in files[:limit]:
        letters += reversed(list(_letters(path)))
    return letters[:limit]


def _letters(path: Path) -> Iterator[Letter]:
    for part in path.read_bytes().decode("utf-8", "replace").split(f"\n{SEPARATOR}\n"):
        if part.strip():
            message = email.message_from_string(part.lstrip("\n"), policy=email.policy.default)
            body = message.get_body(("plain", "html"))
            date = message["Date"]
            yield Letter(
                parsedate_to_datetime(str(date)) if date else None,
                str(message["To"] or ""),
                str(message["Subject"] or ""),
                body.get_content() if body else "",
            )
