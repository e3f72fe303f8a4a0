"""Which cases a thread of the helpdesk's channel is of, and which of them a text in it is for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, or_, select

from bot.store import readable
from bot.tables import cards, conversations, incident_members, incidents
from bot.troubles import ALARM, case_of

_CASE_NAMED = select(cards.c.conversation, cards.c.case)
_CASES_AT = _CASE_NAMED.where(
    cards.c.channel == bindparam("channel"),
    or_(cards.c.root == bindparam("thread"), and_(cards.c.root.is_(None), cards.c.ts == bindparam("thread"))),
)


def cases_at(connection: Connection, channel: str, thread: str) -> list[tuple[int, str]]:
    """The conversations and cases whose card, or whose alarm of a private key, this thread is of."""
    found = connection.execute(_CASES_AT, {"channel": channel, "thread": thread}).all()
    if not found:
        return _cases_in_incident(connection, channel, thread)
    return [(row.conversation, row.case.removesuffix(ALARM)) for row in found]


def _cases_in_incident(connection: Connection, channel: str, thread: str) -> list[tuple[int, str]]:
    """The cases of the incident whose card this thread is of."""
    asked = (
        select(conversations.c.state, incident_members.c.trouble)
        .join(incident_members, incident_members.c.conversation == conversations.c.number)
        .join(incidents, incidents.c.id == incident_members.c.incident)
        .where(incidents.c.channel == channel, incidents.c.ts == thread, ~incident_members.c.left)
    )
    found = []
    for row in connection.execute(asked):
        for conversation in readable([row.state]):
            if case := case_of(conversation, row.trouble):
                found.append((conversation.number, case))
    return found


# As people write a case's number before their text, full-width too.
_NAMED = re.compile(r"\s*[cｃ][-－](\d{1,15})(?:[-－](\d{1,9}))?(?![a-z\d])[\s:：]*", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """The case that a text begins with, the number of its conversation, and the rest of the text."""

    case: str
    conversation: int
    rest: str


def named(text: str) -> Named | None:
    """What case the text begins with; None if with none."""
    found = _NAMED.match(text)
    if found is None:
        return None
    number, turn = int(found[1]), f"-{int(found[2])}" if found[2] else ""
    return Named(f"C-{number}{turn}", number, text[found.end() :])


def case_at(
    connection: Connection, channel: str, here: Sequence[tuple[int, str]], text: str
) -> tuple[int, str, str] | None:
    """The conversation and the case that the text is for, and the text for it: the case of this thread, of
    which `here` are the cases (`cases_at`). Elsewhere, and in a thread of several, the text begins with the
    case's number. None if it does not, and where it names another case than its thread's: then it is not
    known which of them is meant."""
    begins = named(text)
    if len(here) == 1:
        return (*here[0], text) if begins is None or begins.case == here[0][1] else None
    if begins is None:
        return None
    of_case = (cards.c.channel == channel, cards.c.case.in_((begins.case, begins.case + ALARM)))
    found = [one for one in here if one[1] == begins.case]
    found = found or [
        (row.conversation, begins.case) for row in connection.execute(_CASE_NAMED.where(*of_case))
    ]
    return (*found[0], begins.rest) if found else None
