"""What the Home tab asks the database: a person's own cases, and for the helpdesk what waits and
what came in.

Only what is shown is read, not the conversations: no text of anybody's leaves the database here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Numeric,
    Row,
    and_,
    case,
    cast,
    column,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from bot.conversation import Phase
from bot.home_facts import (
    HANDED_OVER,
    OWN_CLOSED,
    OWN_OPEN,
    Case,
    HandedOver,
    OfTheDesk,
    OpenIncident,
    Shown,
    Week,
)
from bot.tables import cards, conversations, incident_members, incidents, threads, unmatched

Link = Callable[[str, str], str | None]
"""The address of the message that stands in this channel at this ts."""

_state = conversations.c.state
_place = (conversations.c.number, conversations.c.team, conversations.c.person, conversations.c.channel)
_name = _state["person_name"].astext.label("name")


def _is_in_incident(state: ColumnElement[Any]) -> ColumnElement[bool]:
    """As bot.conversation.Conversation.is_in_incident; of an earlier trouble it stands in all of it."""
    incident = func.coalesce(state["incident"], state["whole"]["incident"])
    apart = func.coalesce(cast(incident["apart"].astext, Boolean), False)
    return and_(func.coalesce(func.jsonb_typeof(incident), "null") == "object", ~apart)


def _told(state: ColumnElement[Any], whole: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """What a trouble's JSON tells, by the names that Conversation and Earlier have in common; `whole` is the
    trouble as a conversation."""
    return (
        whole["handed"]["taken_name"].astext.label("taken_by"),
        cast(whole["handed"]["free_since"].astext, DateTime(timezone=True)).label("free_since"),
        whole["ended"]["how"].astext.label("how"),
        state["row"].astext.label("error"),
        state["phase"].astext.label("phase"),
        func.coalesce(state["passed_on"].as_boolean(), False).label("passed_on"),
        func.coalesce(state["urgent"].as_boolean(), False).label("urgent"),
        _is_in_incident(state).label("in_incident"),
        cast(state["began"].astext, DateTime(timezone=True)).label("began"),
    )


# As bot.conversation.Conversation.case.
_round = func.coalesce(_state["round"].as_integer(), 1)
_case = func.concat("C-", conversations.c.number, case((_round > 1, func.concat("-", _round)), else_=""))

# All troubles: what each conversation is about now, and what was left before. What was left is still open
# only where the helpdesk has it.
_each = func.jsonb_array_elements(_state["earlier"])
_left = _each.table_valued(column("value", JSONB), name="earlier", joins_implicitly=True).c.value
_ended = cast(_left["ended"].astext, DateTime(timezone=True))
_troubles = union_all(
    select(
        *(*_place, _name, conversations.c.touched, conversations.c.is_open, _case.label("case")),
        *_told(_state, _state),
    ),
    select(
        *(*_place, _name, _ended, _left["phase"].astext == "handed_over", _left["case"].astext),
        *_told(_left, _left["whole"]),
    ),
).subquery("troubles")
_one = _troubles.c
_all = func.count().over().label("all_of_them")

_thread = (
    select(func.max(threads.c.thread_ts))
    .where(threads.c.conversation == _one.number, threads.c.channel == _one.channel)
    .scalar_subquery()
    .label("thread")
)


def of_person(connection: Connection, team: str, person: str, link: Link) -> Shown:
    """The person's own cases, those touched last first: open ones, and the latest that were solved.

    A greeting and what was no certificate error is no case.
    """
    open_, count = _own(connection, team, person, link, OWN_OPEN, _one.is_open)
    closed, _ = _own(connection, team, person, link, OWN_CLOSED, ~_one.is_open, _one.phase == "solved")
    return Shown(open_, count, closed)


def of_desk(connection: Connection, team: str, since: datetime, now: datetime, link: Link) -> OfTheDesk:
    """What waits for the helpdesk: what nobody has yet first, then urgent and longest waiting; and what came
    in since then.

    A case waits since its card was posted; where the channel did not take the card, since the last touch.
    """
    posted = cast(cards.c.ts, Numeric)
    since_when = func.coalesce(posted, func.extract("epoch", _one.touched)).label("since")
    told = (
        *(_one.case, _one.error, _one.person, _one.name, _one.urgent, _one.taken_by, _one.free_since),
        *(cards.c.channel, cards.c.ts),
    )
    asked = (
        select(*told, since_when, _all)
        .select_from(_troubles)
        .join(cards, (cards.c.conversation == _one.number) & (cards.c.case == _one.case), isouter=True)
        .where(_one.team == team, _one.is_open, _one.passed_on, ~_one.in_incident)
        .order_by(func.coalesce(_one.taken_by, "") != "", _one.urgent.desc(), since_when, _one.number)
        .limit(HANDED_OVER)
    )
    rows = connection.execute(asked).all()
    waiting = tuple(_handed_over(row, link) for row in rows)
    count = rows[0].all_of_them if rows else 0
    return OfTheDesk(waiting, count, _week(connection, team, since, now), _incidents(connection, team, link))


def _incidents(connection: Connection, team: str, link: Link) -> tuple[OpenIncident, ...]:
    people = (
        select(func.count(incident_members.c.person.distinct()))
        .where(incident_members.c.incident == incidents.c.id, ~incident_members.c.left)
        .scalar_subquery()
        .label("people")
    )
    asked = (
        select(*(incidents.c[name] for name in ("id", "row", "server", "began", "channel", "ts")), people)
        .where(incidents.c.team == team, incidents.c.closed.is_(None))
        .order_by(incidents.c.began, incidents.c.id)
    )
    return tuple(
        OpenIncident(
            name=f"I-{row.id}",
            row=row.row,
            server=row.server,
            people=row.people,
            since=row.began,
            link=link(row.channel, row.ts) if row.ts else None,
        )
        for row in connection.execute(asked)
    )


def _own(
    connection: Connection, team: str, person: str, link: Link, most: int, *which: ColumnElement[bool]
) -> tuple[tuple[Case, ...], int]:
    """The first cases, and how many there are."""
    is_case = or_(_one.error.is_not(None), _one.phase.in_(("choosing", "handed_over")), _one.passed_on)
    asked = (
        select(_one.case, _one.error, _one.phase, _one.how, _one.touched, _one.channel, _thread, _all)
        .where(_one.team == team, _one.person == person, is_case, *which)
        .where(_one.phase.in_(get_args(Phase)))  # a later version may know others
        .order_by(_one.touched.desc(), _one.number.desc())
        .limit(most)
    )
    rows = connection.execute(asked).all()
    return tuple(_own_case(row, link) for row in rows), rows[0].all_of_them if rows else 0


def _own_case(row: Row[Any], link: Link) -> Case:
    thread = link(row.channel, row.thread) if row.thread else None
    return Case(row.case, row.error, row.phase, row.touched, thread, is_unknown=row.how == "unknown")


def _handed_over(row: Any, link: Link) -> HandedOver:
    return HandedOver(
        case=row.case,
        row=row.error,
        person=row.person,
        name=row.name or "",
        since=datetime.fromtimestamp(float(row.since), UTC),
        urgent=row.urgent,
        taken_by=row.taken_by or "",
        free_since=row.free_since,
        link=link(row.channel, row.ts) if row.ts else None,
    )


def _week(connection: Connection, team: str, since: datetime, now: datetime) -> Week:
    solved = func.count().filter(_one.phase == "solved", ~_one.passed_on)
    asked = (
        select(_one.error, func.count(), solved, func.count().filter(_one.passed_on))
        .where(_one.team == team, _one.touched >= since, _one.began >= since)
        .where(or_(_one.error.is_not(None), _one.passed_on))
        .group_by(_one.error)
        .order_by(func.count().desc(), _one.error)
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


def open_at_desk(connection: Connection) -> tuple[int, int]:
    """How many cases wait at the helpdesk, and how many somebody there has; without those in an incident."""
    is_taken = func.coalesce(_one.taken_by, "") != ""
    asked = select(func.count().filter(~is_taken), func.count().filter(is_taken)).where(
        _one.is_open, _one.passed_on, ~_one.in_incident
    )
    waiting, taken = connection.execute(asked).one()
    return waiting, taken
