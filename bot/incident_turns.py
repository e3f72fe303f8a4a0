"""What happens to an incident at the helpdesk's end, and to each of its cases: each in one transaction."""

import logging
from dataclasses import replace

from sqlalchemy import Connection

from bot import audit, incident_places, incidents, store
from bot.accepted import Click, Filled, Overdue
from bot.card import not_delivered
from bot.conversation import Conversation
from bot.cure import cure_or_unknown
from bot.deeds import Deed
from bot.desk_events import Desk, IncidentClosed, IncidentUpdated
from bot.events import Event
from bot.incident_card import (
    MEMBERS_SHOWN,
    Standing,
    as_trouble,
    incident_card,
    incident_line,
    members_list,
)
from bot.incident_forms import entered_cure
from bot.rendering import button_value, drawn
from bot.replies import Message, quote
from bot.store import Stored, Thread
from bot.todo import Item, Undone
from bot.troubles import case_of, trouble_of
from bot.turns import Turns

logger = logging.getLogger(__name__)

BROUGHT_UP = 3
"""How often an incident about which nobody says a word is brought up, before it is left alone."""


def pressed(turns: Turns, connection: Connection, event: Click, by: Desk | None) -> list[Undone]:
    """[メンバーを見る], which is shown to who pressed it."""
    number = incidents.number_of(event.value)
    incident = incidents.standing(connection, number)
    if by is None or incident is None:
        name = "incident_only_the_desk" if by is None else "incident_gone"
        return _aside(turns, connection, event, incident_line(turns.book, name, case=event.value[:20]))
    some, count = incidents.members(connection, number, MEMBERS_SHOWN)
    return _aside(turns, connection, event, members_list(incident, some, count, turns.book))


def filled(turns: Turns, connection: Connection, event: Filled, by: Desk) -> list[Undone]:
    """One word to everybody in it, or its end."""
    book, number = turns.book, incidents.number_of(event.about)
    incident = incidents.standing(connection, number, lock=True)
    if incident is None or incident.closed:
        name = "incident_gone" if incident is None else "incident_closed_before"
        return _aside(turns, connection, event, incident_line(book, name, case=event.about[:20]))
    values = {"case": incident.name, "who": quote(by.name, 80), "count": str(incident.people)}
    if event.form == "incident_update":
        text = event.values.get("text", "")
        incidents.tell_all(connection, number, text, event.at, book)
        line = incident_line(book, "incident_told_all", text, **values)
        audit.note(Deed("incident_told", incident.name, by.id, incident.row), book.version)
    else:
        remedy, words = entered_cure(event.values)
        tell = event.values.get("tell", "")
        incidents.close(connection, number, remedy, words, tell, by.id, event.at)
        over = replace(incident, closed=event.at, remedy=remedy, words=words)
        cure = cure_or_unknown(as_trouble(over, book), book)
        line = incident_line(book, "incident_closed_by", tell, **values, remedy=cure)
        known = remedy if remedy in book.remedies else None
        audit.note(Deed("incident_closed", incident.name, by.id, incident.row, known), book.version)
    return turns.put_items(connection, [in_thread(turns, event.id, number, line)])


def came_due(turns: Turns, connection: Connection, event: Overdue) -> list[Undone]:
    """Its card is to be drawn anew, or nobody has said a word about it."""
    book, number = turns.book, incidents.number_of(event.name)
    incident = incidents.standing(connection, number, lock=True)
    desk = turns.defaults.desk
    if incident is None or desk is None:
        return []
    if event.what == "incident_silence":
        if incident.closed:
            return []
        times = incident_places.times_brought_up(connection, number) + 1
        again = book.company.working_hours.next_day(event.at) if times < BROUGHT_UP else None
        incident_places.brought_up(connection, number, again)
        values = {"case": incident.name, "count": str(incident.people)}
        name = "incident_still_open" if again else "incident_still_open_last"
        line = incident_line(book, name, **values)
        return turns.put_items(connection, [in_thread(turns, event.id, number, line, broadcast=True)])
    incident_places.drawn(connection, number, event.at)
    body = drawn(incident_card(incident, book), incident.name) | {"incident": number}
    return turns.put_items(connection, [Item("incident_card", event.id, None, Thread(desk, None), "", body)])


def in_thread(turns: Turns, event: str, number: int, line: Message, *, broadcast: bool = False) -> Item:
    """A line in the thread of the incident's card."""
    place = Thread(turns.defaults.desk or "", None)
    body = drawn(line, f"I-{number}") | {"case": "", "incident": number, "broadcast": broadcast}
    return Item("add_to_case", event, None, place, "", body)


def spread(turns: Turns, connection: Connection, event: Overdue) -> list[Undone]:
    """One of its cases hears how the incident stands."""
    number = incidents.number_of(event.name)
    stored = store.load(connection, event.conversation)
    incident = incidents.standing(connection, number)
    if stored is None or incident is None:
        return []
    undone: list[Undone] = []
    for trouble in incidents.troubles_in(connection, number, event.conversation):
        case = case_of(stored.conversation, trouble)
        one = trouble_of(stored.conversation, case) if case else None
        happened = _news(one, incident, event) if one else None
        if happened:
            place = store.place_of(connection, stored)
            undone += turns.step(connection, stored, happened, event.id, place)
            stored = store.load(connection, event.conversation)
            assert stored
        if case and event.body.get(incidents.NOT_CALLED):
            undone += turns.put_items(connection, [_not_called(connection, stored, case, turns, event.id)])
    return undone


def _not_called(connection: Connection, stored: Stored, case: str, turns: Turns, event: str) -> Item:
    """What a case of it is told once, where the helpdesk's channel took no card."""
    trouble = trouble_of(stored.conversation, case) or stored.conversation
    body = drawn(not_delivered(trouble, turns.book), button_value(trouble))
    place = store.place_of(connection, stored)
    return Item("say", event, trouble.number, place, trouble.person, body, f"not-called-{case}")


def _news(trouble: Conversation, incident: Standing, event: Overdue) -> Event | None:
    """What is new to this case."""
    part, case, at = trouble.incident, trouble.case, event.at
    if incident.closed:
        return IncidentClosed(
            case, incident.number, incident.remedy, incident.words, incident.tell, incident.by, at
        )
    if part is None:
        return incidents.news(case, incident, at)
    if incident.updated and part.updated != incident.updated:
        return IncidentUpdated(case, incident.number, incident.people, incident.update, incident.updated, at)
    return None


def _aside(turns: Turns, connection: Connection, event: Click | Filled, said: Message) -> list[Undone]:
    place = Thread(turns.defaults.desk or event.channel, None)
    body = drawn(said, "none") | {"instead": ""}
    return turns.put(connection, event.id, event.person, "whisper", body, place)
