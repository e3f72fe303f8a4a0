"""What holds for everybody (a pause, the notices that are up) costs a turn one question to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event

from bot import notices, pauses
from bot.notice import Notice
from bot.pool import connect_to
from bot.prevailing import prevailing
from bot.workspace.people import SUZUKI, TEAM
from tests.road import ROW_1, Stage, new_database, on_stage
from tests.transcripts import NOW


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements of this process meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_turn_asks_once_what_holds_for_everybody() -> None:
    async def play(here: Stage) -> None:
        for doing in (lambda: here.say(ROW_1), lambda: here.press(here.said()[-1], "特にない")):
            with asked() as seen:
                await doing()
            assert len([one for one in seen if "JOIN pauses" in one]) == 1
            assert [one for one in seen if "SELECT notices" in one] == []

    on_stage(play)


def test_a_pause_and_the_notices_that_are_up_come_together() -> None:
    def notice(text: str, **when: timedelta) -> Notice:
        starts, until = when.get("starts", timedelta(0)), when.get("until", timedelta(hours=1))
        return Notice(0, None, None, text, text, NOW + starts, NOW + until, SUZUKI.id)

    engine = connect_to(new_database())
    with engine.begin() as connection:
        assert prevailing(connection, TEAM, NOW) == (None, ())
        for one in (notice("一"), notice("後で", starts=timedelta(minutes=1)), notice("二")):
            notices.put_up(connection, TEAM, one, NOW)
        paused, up = prevailing(connection, TEAM, NOW)
        assert (paused, [one.ja for one in up]) == (None, ["一", "二"])
        assert up == notices.up(connection, TEAM, NOW)
        assert prevailing(connection, "T0OTHER", NOW) == (None, ())
        pauses.begin(connection, NOW, "点検", "Inspection")
        assert prevailing(connection, TEAM, NOW) == (pauses.current(connection), up)
        assert prevailing(connection, "T0OTHER", NOW) == (pauses.current(connection), ())
        pauses.end(connection, NOW)
        assert prevailing(connection, TEAM, NOW) == (None, up)
    engine.dispose()
