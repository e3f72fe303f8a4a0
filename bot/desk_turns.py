"""What the helpdesk does, what an employee adds to a case, what is due: each in one transaction.

The case's employee is answered in their own thread, wherever that was done.
"""

import logging
from typing import get_args

from sqlalchemy import Connection

from bot import (
    asides,
    card_threads,
    forms,
    incident_places,
    incident_turns,
    incidents,
    intake,
    pause_turns,
    pauses,
    store,
    storm,
    storm_turns,
    weekly,
    weekly_turns,
)
from bot.accepted import Click, DeskWrote, Filled, Overdue
from bot.desk_events import (
    CameDue,
    CaseReopened,
    CaseTaken,
    Desk,
    DeskAnswered,
    DeskShowed,
    Due,
    TakenBack,
    TextAsked,
)
from bot.events import Event
from bot.exposed import secret
from bot.looked import File
from bot.store import Stored, Thread
from bot.todo import Undone
from bot.turns import Turns
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# What begins the ids of a card's buttons.
DESK = "desk:"


def pressed_at_desk(
    turns: Turns, connection: Connection, event: Click, by: Desk | None, language: Language
) -> list[Undone]:
    """A button of a card was pressed, by somebody of the helpdesk or not (None)."""
    if incidents.number_of(event.value):
        return incident_turns.pressed(turns, connection, event, by)
    stored = store.load(connection, intake.conversation_of(event.value))
    case = intake.case_in(stored.conversation, event.value) if stored else None
    if by is None or stored is None or case is None:
        said = (
            asides.only_the_helpdesk(turns.book, language)
            if by is None
            else asides.case_is_gone(turns.book, language)
        )
        place = Thread(event.channel, None)
        return turns.put(connection, event.id, event.person, "whisper", said, place)
    return _turn(turns, connection, stored, _of_button(event, case, by), event.id)


def _of_button(event: Click, case: str, by: Desk) -> Event:
    _, _, rest = event.button.partition(":")
    what, _, number = rest.partition(":")
    match what:
        case "undo" if number.isdecimal() and len(number) < 9:
            return TakenBack(case, by, int(number), event.at)
        case "reopen":
            return CaseReopened(case, event.at, by)
        case "text":
            return TextAsked(case, by, event.at)
        case _:
            return CaseTaken(case, by, what == "change", event.at)


def wrote(turns: Turns, connection: Connection, event: DeskWrote, by: Desk) -> list[Undone]:
    """Somebody of the helpdesk wrote in a card's thread: to the employee, or showed a file."""
    if event.sends and secret(event.text) == "key":
        said = asides.key_not_sent(turns.book, turns.book.company.language)
        place = Thread(event.channel, event.thread_ts)
        return turns.put(connection, event.id, event.person, "whisper", said, place)
    here = card_threads.cases_at(connection, event.channel, event.thread_ts or "")
    found = card_threads.case_at(connection, event.channel, here, event.text)
    if found is None:
        told, language = None, turns.book.company.language
        if (named := card_threads.named(event.text)) and len(here) == 1:
            told = asides.another_case(turns.book, named.case, here[0][1], language)
        told = told or asides.which_case(turns.book, language)
        place = Thread(event.channel, event.thread_ts)
        return turns.put(connection, event.id, event.person, "whisper", told, place)
    number, case, text = found
    stored = store.load(connection, number)
    if stored is None:
        return []
    undone: list[Undone] = []
    if event.sends and text:
        happened = DeskAnswered(case, by, text, False, True, event.at)
        undone = _turn(turns, connection, stored, happened, event.id)
        stored = store.load(connection, number)
        assert stored
    if event.files:
        files = tuple(File(file.id, file.name) for file in event.files)
        showed = DeskShowed(case, by, files, event.sends, event.at, with_text=event.sends and bool(text))
        undone += _turn(turns, connection, stored, showed, event.id)
    return undone


def not_of_the_desk(turns: Turns, connection: Connection, event: DeskWrote) -> list[Undone]:
    """Who is no member of the helpdesk's channel hears that nothing was sent; talk is nothing to us."""
    if not event.sends:
        return []
    said = asides.not_sent(turns.book, turns.book.company.language) | {"instead": ""}
    return turns.put(
        connection, event.id, event.person, "whisper", said, Thread(event.channel, event.thread_ts)
    )


def filled(turns: Turns, connection: Connection, event: Filled, by: Desk) -> list[Undone]:
    """A dialog was sent."""
    if incidents.number_of(event.about):
        return incident_turns.filled(turns, connection, event, by)
    stored = store.load(connection, intake.conversation_of(event.about))
    case = intake.case_in(stored.conversation, event.about) if stored else None
    if stored is None or case is None:
        logger.warning("a dialog was sent about a case that is gone")
        return []
    happened = forms.event_of(event.form, event.values, case, by, event.at)
    return _turn(turns, connection, stored, happened, event.id) if happened else []


def came_due(turns: Turns, connection: Connection, event: Overdue) -> list[Undone]:
    """What was to be come back to is due."""
    if event.what == incidents.SPREAD:
        return incident_turns.spread(turns, connection, event)
    if event.what == storm.TOGETHER:
        return storm_turns.came_due(turns, connection, event)
    if event.what == weekly.SUMMARY:
        return list(weekly_turns.came_due(turns, connection, event))
    if event.what in pauses.OF_PAUSES:
        return pause_turns.came_due(turns, connection, event)
    if event.what in incident_places.OF_INCIDENTS:
        return incident_turns.came_due(turns, connection, event)
    stored = store.load(connection, event.conversation)
    if stored is None or event.what not in get_args(Due):
        return []
    return _turn(turns, connection, stored, CameDue(event.what, event.name, event.at), event.id)  # type: ignore[arg-type]


def _turn(turns: Turns, connection: Connection, stored: Stored, happened: Event, event: str) -> list[Undone]:
    return turns.step(connection, stored, happened, event, store.place_of(connection, stored))
