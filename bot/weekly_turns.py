"""The summary of a week is put into the helpdesk's channel, in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from bot import kept_outcomes, watches, weekly
from bot.accepted import Overdue
from bot.rendering import NO_CONVERSATION, drawn
from bot.report_figures import figures, offers_of
from bot.report_found import ending
from bot.report_period import Period
from bot.report_words import Wording
from bot.store import Thread
from bot.tables import unmatched
from bot.todo import Item, Undone
from bot.turns import Turns
from bot.weekly_words import WEEKS_OF_REMEDIES, Summary, summary


def came_due(turns: Turns, connection: Connection, event: Overdue) -> Sequence[Undone]:
    """One message, in the helpdesk's language."""
    desk, week, now = turns.defaults.desk, date.fromisoformat(event.name), turns.clock()
    if desk is None or not weekly.claim(connection, week, event.at):
        return []
    book = turns.book
    zone = book.company.working_hours.zone
    found = summed_up(turns, connection, week, now)
    message = summary(found, Wording(book, book.company.language, zone))
    body = drawn(message, NO_CONVERSATION)
    return turns.put_items(connection, [Item("say", event.id, None, Thread(desk, None), "", body)])


def summed_up(turns: Turns, connection: Connection, week: date, now: datetime) -> Summary:
    """What the summary tells of the week that begins on this Monday."""
    zone = turns.book.company.working_hours.zone
    last = week + timedelta(days=6)
    this = Period(week, last, zone, now)
    longer = Period(last - timedelta(days=7 * WEEKS_OF_REMEDIES - 1), last, zone, now)
    outcomes = kept_outcomes.outcomes_since(connection, longer.begin, longer.end)
    offers = offers_of(turns.book)
    kept_since = now - timedelta(days=turns.defaults.retention_days)
    before = this.before()
    return Summary(
        figures=figures(outcomes, this, offers),
        longer=figures(outcomes, longer, offers),
        texts=_texts(connection, this),
        texts_before=_texts(connection, before) if before.begin >= kept_since else None,
        expiring=ending(watches.everything(connection, None), now)[0],
    )


def _texts(connection: Connection, span: Period) -> int:
    within = (unmatched.c.at >= span.begin, unmatched.c.at < span.end)
    return int(connection.execute(select(func.count()).where(*within)).scalar_one())
