"""The dialog in which a notice is put up: how it is drawn, what was entered, what is wrong with it. PURE.

Sources: https://docs.slack.dev/reference/block-kit/block-elements/date-picker-element, …/time-picker-element
(its `timezone` is only shown beside it: what was chosen comes as it was chosen).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.forms import ENTERED, OPTIONS, Drawing, is_visible
from bot.knowing import comparable
from bot.notice import FORM, LONGEST, Notice
from bot.talk import local
from bot.typed import host_name
from knowledge.book import Book
from knowledge.hours import zone
from knowledge.rows import Language

ALL = "*"
"""The choice of all rows: no row has this id."""

AT_MOST = timedelta(days=366)


def notice_form(book: Book, language: Language, now: datetime) -> dict[str, Any]:
    """The dialog. It ends, if nobody says else, when the helpdesk is there on its next working day."""
    drawing, zone_name = Drawing(book, language), book.company.time_zone
    until = local(book.company.working_hours.next_day(now), zone_name)
    rows = [(ALL, book.say("notice_all_rows", language))]
    rows += [(id_, row.title[language]) for id_, row in book.errors.items()]

    def day(name: str, *, optional: bool, **more: Any) -> dict[str, Any]:
        element = {"type": "datepicker", "action_id": ENTERED} | more
        drawn = {"type": "input", "block_id": name, "optional": optional}
        hint = {"hint": drawing.plain(f"form_{name}_hint")} if optional else {}
        return drawn | {"label": drawing.plain(f"form_{name}"), "element": element} | hint

    def hour(name: str, *, optional: bool, **more: Any) -> dict[str, Any]:
        element = {"type": "timepicker", "action_id": ENTERED, "timezone": zone_name} | more
        drawn = {"type": "input", "block_id": name, "optional": optional}
        return drawn | {"label": drawing.plain(f"form_{name}"), "element": element}

    blocks = [
        drawing.field("notice_ja", "form_notice_ja", multiline=True, hint=True, at_most=LONGEST),
        drawing.field(
            "notice_en", "form_notice_en", multiline=True, optional=True, hint=True, at_most=LONGEST
        ),
        drawing.menu("notice_row", rows[:OPTIONS], ALL),
        drawing.field("notice_server", "form_notice_server", optional=True, hint=True),
        day("notice_from_date", optional=True),
        hour("notice_from_time", optional=True),
        day("notice_until_date", optional=False, initial_date=f"{until:%Y-%m-%d}"),
        hour("notice_until_time", optional=False, initial_time=f"{until:%H:%M}"),
    ]
    return drawing.view("form_notice_title", "form_notice_submit", FORM, "", blocks)


def notice_faults(values: Mapping[str, str], at: datetime, language: Language, book: Book) -> dict[str, str]:
    """What is wrong with what was entered, by block_id; empty if nothing is."""
    found = {}
    if not is_visible(values.get("notice_ja", "")):
        found["notice_ja"] = "notice_no_text"
    if values.get("notice_server") and host_name(values["notice_server"]) is None:
        found["notice_server"] = "notice_no_server"
    starts, until = (_moment(values, name, book) for name in ("from", "until"))
    if until is None:
        missing = "date" if not values.get("notice_until_date") else "time"
        found[f"notice_until_{missing}"] = "notice_no_until"
    elif until <= at:
        found["notice_until_date"] = "notice_past"
    elif until > at + AT_MOST:
        found["notice_until_date"] = "notice_too_long"
    day, hour = (values.get(f"notice_from_{part}", "") for part in ("date", "time"))
    if bool(day) != bool(hour):
        found[f"notice_from_{'time' if day else 'date'}"] = "notice_half_from"
    elif starts and until and starts >= until:
        found["notice_from_date"] = "notice_from_after"
    return {block: book.say(name, language) for block, name in found.items()}


def entered_notice(values: Mapping[str, str], at: datetime, by: str, book: Book) -> Notice | None:
    """The notice that was entered, not yet with a number; from `at` on, if nothing later was chosen. None if
    something is wrong with it."""
    until = _moment(values, "until", book)
    if until is None or notice_faults(values, at, book.company.language, book):
        return None
    row, server = values.get("notice_row", ALL), host_name(values.get("notice_server", ""))
    return Notice(
        number=0,
        row=row if row in book.errors else None,
        server=comparable(server) if server else None,
        ja=values.get("notice_ja", ""),
        en=values.get("notice_en", "") if is_visible(values.get("notice_en", "")) else "",
        starts=max(at, _moment(values, "from", book) or at),
        until=until,
        by=by,
    )


def _moment(values: Mapping[str, str], name: str, book: Book) -> datetime | None:
    """The date and the time that were chosen, in the company's zone; None if one is missing."""
    day, hour = (values.get(f"notice_{name}_{part}", "") for part in ("date", "time"))
    try:
        chosen = datetime.combine(
            date.fromisoformat(day), time.fromisoformat(hour), zone(book.company.time_zone)
        )
        return chosen.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
