"""What the helpdesk's channel is told of the week before. PURE."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.replies import Heading, Message, Part, Small, Table, Text
from bot.report_figures import Figures
from bot.report_words import NOTHING, Wording
from bot.watching import Watch

WEEKS_OF_REMEDIES = 4
"""One week alone is too short to say of a remedy that it never helps."""

TOP = 3


@dataclass(frozen=True)
class Summary:
    """What was found: of the week, of the weeks until its end in which remedies are looked at, how many texts
    fitted no error (None: they are no longer kept), and which certificates end within 30 days."""

    figures: Figures
    longer: Figures
    texts: int
    texts_before: int | None
    expiring: tuple[Watch, ...]


def summary(found: Summary, say: Wording) -> Message:
    """The whole message; of a week without a case, a line."""
    period = found.figures.period
    span = say.say("report_from_to", value=say.short(period.first), detail=say.short(period.last))
    now = found.figures.current
    if not now.cases:
        parts: list[Part] = [Text(say.say("weekly_none", date=span))]
        parts += [Text(line) for line in _certificates(found, say)]
        return Message(tuple(parts), say.language)
    counts = {"count": str(now.cases), "value": str(now.alone)}
    head = (
        say.say("weekly_heading", date=span, **counts) if now.cases > 1 else say.say("weekly_one", date=span)
    )
    lines = [*_never(found, say), *_certificates(found, say)]
    first, last = period.first.isoformat(), period.last.isoformat()
    command = f"python -m bot report --since {first} --until {last} --out report.html"
    return Message(
        (
            Heading(head),
            Table(tuple(_rows(found, say)), numbers=True),
            *(Text(line) for line in lines),
            Small(say.say("weekly_report", detail=command)),
        ),
        say.language,
    )


def _rows(found: Summary, say: Wording) -> Iterator[tuple[str, ...]]:
    now, before = found.figures.current, found.figures.before
    yield (say.say("weekly_what"), say.say("weekly_this"), say.say("weekly_before"))
    yield (say.say("report_cases"), str(now.cases), str(before.cases))
    for row, of in list(found.figures.rows.items())[:TOP]:
        yield (say.say("weekly_row", error=say.row(row)), str(of.cases), _earlier(found, row))
    yield (say.say("report_alone"), *(say.rate(of.alone, of.cases) for of in (now, before)))
    yield (say.say("report_desk"), str(now.ends["desk"]), str(before.ends["desk"]))
    if now.ends["incident"] or before.ends["incident"]:
        yield (say.say("report_incident"), str(now.ends["incident"]), str(before.ends["incident"]))
    yield (say.say("report_questions"), say.number(now.questions), say.number(before.questions))
    yield (say.say("report_time"), say.time(now.minutes), say.time(before.minutes))
    yield (say.say("report_good"), *(say.share(of.good, of.rated) for of in (now, before)))
    texts = NOTHING if found.texts_before is None else str(found.texts_before)
    yield (say.say("report_unmatched"), str(found.texts), texts)


def _earlier(found: Summary, row: str | None) -> str:
    week = found.longer.weeks[-2] if len(found.longer.weeks) > 1 else None
    return str(week.rows.get(row, 0)) if week else NOTHING


def _never(found: Summary, say: Wording) -> Iterator[str]:
    for remedy, of in found.longer.remedies.items():
        if of.never_helped:
            weeks = str(WEEKS_OF_REMEDIES)
            yield say.say("weekly_never", remedy=say.remedy(remedy), count=str(of.offered), value=weeks)


def _certificates(found: Summary, say: Wording) -> Iterator[str]:
    if found.expiring:
        owners = len({one.person for one in found.expiring})
        yield say.say("weekly_certificates", count=str(len(found.expiring)), value=str(owners))
