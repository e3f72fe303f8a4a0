"""What the Home tab asks the database: a person's own cases, and for the helpdesk what waits and
what came in.

Only what is shown is read, not the conversations: no text of anybody's leaves the database here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, DateTime, Numeric, Row, case, cast, func, or_, select

from bot.conversation import Phase
from bot.home import HANDED_OVER, OWN_CLOSED, OWN_OPEN, Case, HandedOver, OfTheDesk, Shown, Week
from bot.tables import cards, conversations, threads, unmatched

Link = Callable[[str, str], str | None]
"""The address of the message that stands in this channel at this ts."""

_state = conversations.c.state
_phase = _state["phase"].astext
_row = _state["row"].astext
_round = func.coalesce(_state["round"].as_integer(), 1)
_urgent = func.coalesce(_state["urgent"].as_boolean(), False).label("urgent")
_passed_on = func.coalesce(_state["passed_on"].as_boolean(), False)
_began = cast(_state["began"].astext, DateTime(timezone=True))

# As bot.conversation.Conversation.case.
_case = func.concat("C-", conversations.c.number, case((_round > 1, func.concat("-", _round)), else_=""))

_thread = (
    select(func.max(threads.c.thread_ts))
    .where(threads.c.conversation == conversations.c.number, threads.c.channel == conversations.c.channel)
    .scalar_subquery()
    .label("thread")
)
_which = (_case.label("case"), _row.label("error"))
_all = func.count().over().label("all_of_them")


def of_person(connection: Connection, team: str, person: str, link: Link) -> Shown:
    """The person's own cases, those touched last first: open ones, and the latest that were solved.

    A greeting and what was no certificate error is no case.
    """
    is_case = or_(_row.is_not(None), _phase.in_(("choosing", "handed_over")), _passed_on)
    open_, count = _own(connection, team, person, link, OWN_OPEN, conversations.c.is_open, is_case)
    solved = (conversations.c.is_open.is_(False), _phase == "solved", is_case)
    closed, _ = _own(connection, team, person, link, OWN_CLOSED, *solved)
    return Shown(open_, count, closed)


def of_desk(connection: Connection, team: str, since: datetime, now: datetime, link: Link) -> OfTheDesk:
    """What waits for the helpdesk, urgent and longest waiting first, and what came in since then.

    A case waits since its card was posted; where the channel did not take the card, since the last touch.
    """
    posted = cast(cards.c.ts, Numeric)
    since_when = func.coalesce(posted, func.extract("epoch", conversations.c.touched)).label("since")
    name = _state["person_name"].astext.label("name")
    asked = (
        select(*_which, conversations.c.person, name, since_when, _urgent, cards.c.channel, cards.c.ts, _all)
        .select_from(conversations)
        .join(cards, (cards.c.conversation == conversations.c.number) & (cards.c.case == _case), isouter=True)
        .where(conversations.c.team == team, conversations.c.is_open, _passed_on)
        .order_by(_urgent.desc(), since_when, conversations.c.number)
        .limit(HANDED_OVER)
    )
    rows = connection.execute(asked).all()
    waiting = tuple(_handed_over(row, link) for row in rows)
    return OfTheDesk(waiting, rows[0].all_of_them if rows else 0, _week(connection, team, since, now))


def _own(
    connection: Connection, team: str, person: str, link: Link, most: int, *which: ColumnElement[bool]
) -> tuple[tuple[Case, ...], int]:
    """The first cases, and how many there are."""
    asked = (
        select(
            *_which, _phase.label("phase"), conversations.c.touched, conversations.c.channel, _thread, _all
        )
        .where(conversations.c.team == team, conversations.c.person == person, *which)
        .where(_phase.in_(get_args(Phase)))  # a later version may know others
        .order_by(conversations.c.touched.desc(), conversations.c.number.desc())
        .limit(most)
    )
    rows = connection.execute(asked).all()
    return tuple(_own_case(row, link) for row in rows), rows[0].all_of_them if rows else 0


def _own_case(row: Row[Any], link: Link) -> Case:
    thread = link(row.channel, row.thread) if row.thread else None
    return Case(row.case, row.error, row.phase, row.touched, thread)


def _handed_over(row: Row[Any], link: Link) -> HandedOver:
    return HandedOver(
        case=row.case,
        row=row.error,
        person=row.person,
        name=row.name or "",
        since=datetime.fromtimestamp(float(row.since), UTC),
        urgent=row.urgent,
        link=link(row.channel, row.ts) if row.ts else None,
    )


def _week(connection: Connection, team: str, since: datetime, now: datetime) -> Week:
    """What began since then. Of a conversation with several troubles the latest counts."""
    solved = func.count().filter(_phase == "solved", ~_passed_on)
    asked = (
        select(_row, func.count(), solved, func.count().filter(_passed_on))
        .where(conversations.c.team == team, conversations.c.touched >= since, _began >= since)
        .where(or_(_row.is_not(None), _passed_on))
        .group_by(_row)
        .order_by(func.count().desc(), _row)
    )
    rows = connection.execute(asked).all()
    not_matched = select(func.count()).select_from(unmatched).where(unmatched.c.at >= since)
    return Week(
        days=-(-(now - since) // timedelta(days=1)),
        rows=tuple((row[0], row[1]) for row in rows),
        alone=sum(row[2] for row in rows),
        handed_over=sum(row[3] for row in rows),
        unmatched=connection.execute(not_matched).scalar_one(),
    )
