"""The summary of a week in the helpdesk's channel: when it is due, and that it is said once.

It is due when the helpdesk opens for the first time in the week after (Monday, or the next working day), and
is made up for whenever the bot runs again in that week. Where the helpdesk is closed for a whole week, what
would have been said in it is said when it opens again. Each question is within the caller's transaction.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.accepted import Overdue
from bot.report_period import midnight, monday_of
from bot.tables import events, outcomes, weekly_summaries
from knowledge.hours import Hours

SUMMARY = "weekly_summary"
"""What is due."""

A_WEEK = timedelta(days=7)

CLOSED_AT_MOST = 4
"""Weeks; what is longer ago is nobody's news."""


def looking(hours: Hours) -> Callable[[Connection, datetime], list[Overdue]]:
    """Looks whether a summary is due, for a helpdesk with these hours."""

    def due(connection: Connection, now: datetime) -> list[Overdue]:
        this = monday_of(now.astimezone(hours.zone).date())
        opens = hours.expected(midnight(this, hours.zone)).opens
        if opens > now:
            return []
        return [
            _event(week, now, opens)
            for week in _unsaid(this, hours)
            if not _was_given(connection, week) and _was_used(connection, midnight(week + A_WEEK, hours.zone))
        ]

    return due


def _unsaid(this: date, hours: Hours) -> list[date]:
    """The week before `this` one, and those before it that nobody at the helpdesk was there to hear of."""
    weeks = [this - A_WEEK]
    while len(weeks) < CLOSED_AT_MOST and _is_closed(weeks[-1], hours):
        weeks.append(weeks[-1] - A_WEEK)
    return weeks[::-1]


def _is_closed(week: date, hours: Hours) -> bool:
    return hours.expected(midnight(week, hours.zone)).opens >= midnight(week + A_WEEK, hours.zone)


def _event(week: date, now: datetime, opens: datetime) -> Overdue:
    return Overdue(
        id=f"{SUMMARY}:{week.isoformat()}",
        at=now,
        due=opens,
        what=SUMMARY,
        name=week.isoformat(),
    )


def _was_given(connection: Connection, week: date) -> bool:
    found = select(weekly_summaries.c.week).where(weekly_summaries.c.week == week)
    return connection.execute(found).first() is not None


def _was_used(connection: Connection, before: datetime) -> bool:
    """Whether anybody had turned to the bot before this moment: a new one has nothing to sum up."""
    worked = select(events.c.id).where(events.c.at < before).exists()
    ended = select(outcomes.c.id).where(outcomes.c.ended < before).exists()
    return bool(connection.execute(select(or_(worked, ended))).scalar_one())


def given(connection: Connection, event: Overdue) -> None:
    """It is in the queue, and looked for no more."""
    if event.what == SUMMARY:
        row = upsert(weekly_summaries).values(week=date.fromisoformat(event.name), given=event.at)
        connection.execute(row.on_conflict_do_nothing())


def claim(connection: Connection, week: date, at: datetime) -> bool:
    """Whether nobody has said it yet; from then on it is said. Of two who ask at once, one waits."""
    row = upsert(weekly_summaries).values(week=week, given=at, said=at)
    first = row.on_conflict_do_update(
        index_elements=["week"], set_={"said": at}, where=weekly_summaries.c.said.is_(None)
    )
    return connection.execute(first.returning(weekly_summaries.c.week)).first() is not None
