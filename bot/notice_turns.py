"""What the helpdesk does with notices in its Home tab, in the caller's transaction."""

from datetime import datetime

from sqlalchemy import Connection

from bot import audit, notices
from bot.accepted import Filled, InHome
from bot.button_ids import number_in
from bot.deeds import Deed
from bot.notice import BUTTON, FORM, Told
from bot.notice_forms import entered_notice
from knowledge.book import Book

END = f"{BUTTON}end:"


def is_of_notices(event: Filled | InHome) -> bool:
    """Whether it is about a notice, and not about something else that is done in a dialog or the Home tab."""
    return event.form == FORM if isinstance(event, Filled) else event.button.startswith(BUTTON)


def done(connection: Connection, event: Filled | InHome, book: Book, now: datetime) -> None:
    """Puts up what was entered, or ends the notice whose button was pressed."""
    if isinstance(event, InHome):
        number = _number(event.button)
        if notices.end(connection, event.team, number, event.person, now):
            audit.note(Deed("notice_ended", f"N-{number}", event.person), book.version)
        return
    notice = entered_notice(event.values, event.at, event.person, book)
    if notice and (up := notices.put_up(connection, event.team, notice, now)):
        audit.note(Deed("notice_put_up", f"N-{up}", event.person, notice.row), book.version)


def told(connection: Connection, event: Filled | InHome, book: Book, now: datetime) -> Told | None:
    """Why nothing came of it; None if what was wanted is so, also when it was done long since."""
    if isinstance(event, InHome):
        return notices.why_not(connection, event.team, _number(event.button), event.person)
    notice = entered_notice(event.values, event.at, event.person, book)
    found = notices.same(connection, event.team, notice, now) if notice else None
    return Told("put_up", found.by) if found and found.by != event.person else None


def _number(button: str) -> int:
    return number_in(button.removeprefix(END))
