"""Refusals that a person can understand."""


class Conflict(Exception):
    """Somebody (or another tab) changed the row first; nothing was saved."""


class Refused(Exception):
    """An operation that may not happen; `message` is translated and fit to show."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
