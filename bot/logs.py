"""What is logged, by us and by every library: kind and place, never what people wrote.

Libraries log whole requests, tokens, addresses and the texts of exceptions: Bolt the body of a request that
it refuses, httpx and slack_sdk the address they call, procrastinate a job's arguments, uvicorn and aiohttp
tracebacks. So nothing that was put into a message at run time passes, at any level and by any handler:
* a message is shown only if it stands in so many words in the source file that logs it;
* of what is filled into it, numbers stay, and from our own files short names such as `C-1042`;
* the same is true of what our own files tell beside a message (`fields`);
* an exception is its type and the lines of code that it passed.

Each record says which event was worked when it was made (`EVENT`), so that a search for it finds them all.
"""

import ast
import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

Style = Literal["human", "json"]

_OURS = tuple(str(Path(__file__).parents[1] / package) + "/" for package in ("bot", "knowledge", "checks"))
# A line for each request or call says nothing that is worth its place.
_CHATTY = ("aiohttp.access", "httpcore", "httpx", "procrastinate", "slack_sdk", "uvicorn.access")
# Ids such as C-1042, answer:changed:new_pc or T1:C1:1700000000.000100; no host, address, secret or sentence.
_PIECE = r"(?:[A-Za-z0-9_-]{1,30}|\d{1,12}\.\d{1,6})"
_NAME = re.compile(rf"(?!xox|xapp){_PIECE}(?::{_PIECE}){{0,4}}")
_PLACES = 6
_CAUSES = 3

EVENT: ContextVar[str] = ContextVar("event", default="")
"""The event that is worked just now, as the log names it (bot.correlation); empty if none is."""

AUDIT = "bot.audit"
"""The logger of what was done to whom: told at INFO whatever LOG_LEVEL says."""


class Fields(dict[str, object]):
    """What is told beside a message: numbers and short ids; of anything else, that it was there."""

    def __init__(self, told: Mapping[str, object]) -> None:
        super().__init__(
            (name, _argument(value, True)) for name, value in told.items() if value not in (None, "")
        )


def fields(**told: object) -> dict[str, Fields]:
    """What is told beside a message: `logger.info("worked", extra=fields(kind=event.kind))`."""
    return {"fields": Fields(told)}


def configure_logging(level: str, style: Style) -> None:
    """From now on every record of this process is reduced, and goes to stderr in that style.

    Exceptions that nobody catches, also in threads, are logged instead of printed.
    """
    logging.setLogRecordFactory(_reduced)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Human() if style == "human" else _Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if root.level <= logging.DEBUG else logging.WARNING)
    logging.getLogger(AUDIT).setLevel(logging.INFO)
    warnings.showwarning = lambda message, kind, file, line, *_: _warned(kind, file, line)
    sys.excepthook = lambda kind, error, traceback: _uncaught(error)
    threading.excepthook = lambda thrown: _uncaught(thrown.exc_value)
    sys.unraisablehook = lambda thrown: _uncaught(thrown.exc_value)


def describe(error: BaseException) -> str:
    """An exception without its text: its type and the lines that it passed, innermost first; its causes."""
    told: list[str] = []
    current: BaseException | None = error
    while current is not None and len(told) < _CAUSES:
        kind = type(current)
        places = " < ".join(_places(current.__traceback__)) or "nowhere"
        told.append(f"{kind.__module__}.{kind.__qualname__} at {places}".removeprefix("builtins."))
        if isinstance(current, BaseExceptionGroup):
            current = current.exceptions[0]
        else:
            current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return ", from ".join(told)


_PARSING = threading.RLock()


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        places.append(_place(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return places[: -_PLACES - 1 : -1]


@lru_cache(1024)
def _place(file: str, line: int) -> str:
    return f"{'/'.join(Path(file).parts[-2:])}:{line}"


def _reduced(
    name: str,
    level: int,
    file: str,
    line: int,
    message: object,
    arguments: Any,
    error: Any = None,
    function: str | None = None,
    stack: str | None = None,
    **more: Any,
) -> logging.LogRecord:
    """A record in which nothing is left of what people wrote; what `logging` calls to make each one."""
    if isinstance(message, str) and message in _literals(file):
        kept = _kept(message, arguments, file.startswith(_OURS))
    else:
        message, kept = "", ()
    record = logging.LogRecord(name, level, file, line, message, kept, None, function, None, **more)
    raised = error[1] if isinstance(error, tuple) else error
    record.raised = describe(raised) if isinstance(raised, BaseException) else ""
    record.event = EVENT.get()
    return record


@cache
def _literals(file: str) -> frozenset[str]:
    """The texts that stand in a source file; none if it cannot be read."""
    tree = _parsed(file)
    if tree is None:
        return frozenset()
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str))


def _parsed(file: str) -> ast.Module | None:
    # Python 3.11 counts how deep it is in a tree for all threads together, and fails when two of them parse
    # at once (https://github.com/python/cpython/issues/106905). What logs may be a finaliser in this very
    # thread, so the lock lets it in, and it tries again.
    for _ in range(3):
        try:
            with _PARSING:
                return ast.parse(Path(file).read_bytes())
        except SystemError:
            continue
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return None


def _kept(message: str, arguments: Any, ours: bool) -> Any:
    if isinstance(arguments, tuple) and len(arguments) == 1 and "%(" in message:
        arguments = arguments[0]  # logging's own rule for %(name)s
    if isinstance(arguments, Mapping):
        return ({name: _argument(value, ours) for name, value in arguments.items()},)
    return tuple(_argument(value, ours) for value in arguments or ())


def _argument(value: object, ours: bool) -> object:
    if isinstance(value, int | float):
        return value
    if isinstance(value, BaseException):
        return describe(value)
    if ours and isinstance(value, str) and _NAME.fullmatch(value):
        return value
    return "…"


def _uncaught(error: BaseException | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        logging.getLogger("bot").critical("not caught", exc_info=error)


def _warned(kind: type[Warning], file: str, line: int) -> None:
    record = _reduced("py.warnings", logging.WARNING, file, line, "", ())
    record.raised = kind.__qualname__
    logging.getLogger(record.name).handle(record)


def _said(record: logging.LogRecord) -> dict[str, str]:
    at = datetime.fromtimestamp(record.created, UTC)
    try:
        message = record.getMessage().strip()
    except (TypeError, ValueError):  # the arguments do not fit: a fault of who logs
        message = str(record.msg)
    return {
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "place": _place(record.pathname, record.lineno),
        "message": message,
    }


def _beside(record: logging.LogRecord) -> dict[str, object]:
    """What stands beside the message: the event, whether it is for the audit, and what was told there."""
    told: dict[str, object] = {}
    if event := getattr(record, "event", ""):
        told["event"] = event
    if record.name == AUDIT:
        told["audit"] = True
    given = getattr(record, "fields", None)
    return told | given if isinstance(given, Fields) else told  # a library's own is not looked at


class _Human(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = [text for text in _said(record).values() if text]
        beside = [f"{name}={value}" for name, value in _beside(record).items() if name != "audit"]
        error = getattr(record, "raised", "")
        return " ".join([*said, *beside]) + (f" ({error})" if error else "")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {name: text for name, text in _said(record).items() if text}
        told |= {name: value for name, value in _beside(record).items() if name not in told}
        if error := getattr(record, "raised", ""):
            told["error"] = error
        return json.dumps(told, ensure_ascii=False)
