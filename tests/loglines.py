"""The lines that a test makes the bot log, as a monitoring system reads them."""

import contextlib
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any, cast

from bot.logs import configure_logging

Line = dict[str, Any]


class Lines:
    """What was logged so far."""

    def __init__(self, written: io.StringIO) -> None:
        self._written = written

    @property
    def text(self) -> str:
        """As it was written."""
        return self._written.getvalue()

    def all(self, message: str = "", **with_: object) -> list[Line]:
        """Each line, those of this message and with these fields."""
        lines = parsed(self.text)
        wanted = {"message": message, **with_} if message else with_
        return [line for line in lines if all(line.get(name) == value for name, value in wanted.items())]

    def audit(self) -> list[Line]:
        """Those that are for the audit."""
        return self.all(audit=True)


def parsed(text: str) -> list[Line]:
    """A log's lines; what is none of ours is left out."""
    return [cast(Line, json.loads(line)) for line in text.splitlines() if line.startswith("{")]


@contextlib.contextmanager
def logged(level: str = "INFO") -> Iterator[Lines]:
    """Logging as the bot sets it up, written down here."""
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, logging.getLogRecordFactory(), warnings.showwarning)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    written = io.StringIO()
    try:
        configure_logging(level, "json")
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        yield Lines(written)
    finally:
        root.handlers[:] = kept[0]
        root.setLevel(kept[1])
        logging.setLogRecordFactory(kept[2])
        warnings.showwarning = kept[3]
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
