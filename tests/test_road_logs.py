"""No text, address, name, file or secret of anybody gets into a log, at any level."""

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from bot import dialogue
from bot.logs import configure_logging
from bot.workspace.faults import Dropped, Ratelimited, SignInPage
from bot.workspace.people import SATO
from bot.workspace.samples import Sample
from tests.road import Stage, on_stage, sample
from tests.test_slack_http import event, sending

SECRET_TEXT = "himitsu-no-bunsho user@example.co.jp no certificates which can be used to send"


class Captured(logging.Handler):
    """Every record: its message, what was filled into it, its exception, and the lines that are written.

    What the engine adds as `extra` (a job with its arguments) is in none of the lines.
    """

    def __init__(self) -> None:
        super().__init__(0)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = (
            record.getMessage(),
            record.msg,
            record.args,
            record.exc_info,
            record.exc_text,
            record.stack_info,
        )
        written = [handler.format(record) for handler in logging.getLogger().handlers]
        self.seen.append(f"{told} {written}")


@contextlib.contextmanager
def logged() -> Iterator[Captured]:
    """Logging as the bot sets it up, at its most talkative."""
    root = logging.getLogger()
    kept = (root.handlers[:], root.level, logging.getLogRecordFactory())
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    captured = Captured()
    try:
        configure_logging("DEBUG", "json")
        root.addHandler(captured)
        yield captured
    finally:
        root.handlers[:] = kept[0]
        root.setLevel(kept[1])
        logging.setLogRecordFactory(kept[2])
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def test_nothing_that_people_wrote_or_are_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    step = dialogue.step

    def breaks_at_times(*arguments: object) -> object:
        if getattr(arguments[1], "text", "") == f"kowareru {SECRET_TEXT}":
            raise RuntimeError(SECRET_TEXT)
        return step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(dialogue, "step", breaks_at_times)

    async def play(here: Stage) -> None:
        faults = here.workspace.faults
        faults.on_call("chat.postMessage", Ratelimited(0))
        faults.on_call("chat.postMessage", Dropped(done=False))
        await here.say(SECRET_TEXT)
        await here.press(here.said()[0], "answer:changed:nothing")
        faults.on_file(SignInPage())
        await here.say("", Sample("himitsu-file.cer", sample("expired").data, {}, None))
        await here.say("", sample("private_key_uploaded"))
        await here.say(f"kowareru {SECRET_TEXT}")
        await sending(here)(f'{{"himitsu": "{SECRET_TEXT}"}}'.encode(), secret="himitsu-secret")
        await sending(here)(str(event(text=SECRET_TEXT)).encode())
        tokens.extend([here.workspace.bot_token, here.workspace.signing_secret])

    tokens: list[str] = []
    with logged() as captured:
        on_stage(play)
    everything = "\n".join(captured.seen)
    assert "broke" in everything
    assert len(captured.seen) > 50
    hidden = (
        "himitsu",
        "example.co.jp",
        "no certificates which",
        SATO.real_name,
        "証明書",
        "PRIVATE KEY",
        *tokens,
    )
    assert [word for word in hidden if word in everything] == []
