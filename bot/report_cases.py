"""The report's sections about cases: in short, by week, by error. PURE."""

from collections.abc import Iterator, Sequence

from bot.report_charts import Bar, Drawing, Part, bars, columns, legend, line
from bot.report_figures import ENDS, ENOUGH, Figures, OfWeek, Totals
from bot.report_found import Found
from bot.report_html import Child, Html, element, figure, nothing, section, table
from bot.report_words import NOTHING, Wording

FILL = {"alone": 1, "desk": 2, "incident": 3, "silent": 5}


def headline(found: Found, say: Wording) -> Html:
    """The few numbers that everybody asks for, each with the one before and what it means."""
    now, before = found.figures.current, found.figures.before
    shown = (
        ("cases", f"{now.cases:,}", None, f"{before.cases:,}"),
        ("alone", *_large(now.alone, now.cases, say), say.share(before.alone, before.cases)),
        ("desk", f"{now.ends['desk']:,}", None, f"{before.ends['desk']:,}"),
        ("questions", say.number(now.questions), None, say.number(before.questions)),
        ("time", say.time(now.minutes), None, say.time(before.minutes)),
        ("feedback", *_large(now.good, now.rated, say), say.share(before.good, before.rated)),
    )
    cards = (
        element(
            "div",
            element("dt", say.say(f"report_{name}")),
            element("dd", value, element("small", " ", detail) if detail else None, class_="value"),
            element("dd", say.say("report_before", value=earlier), class_="before"),
            element("dd", say.say(f"report_{name}_means"), class_="means"),
        )
        for name, value, detail, earlier in shown
    )
    return section("headline", say.say("report_headline"), None, element("dl", *cards, class_="cards"))


def _large(part: int, whole: int, say: Wording) -> tuple[str, str | None]:
    """The percentage, and small behind it of how many."""
    if whole < ENOUGH:
        return say.share(part, whole), None
    return say.rate(part, whole), say.say("report_of", value=f"{part:,}", count=f"{whole:,}")


def weeks(found: Found, say: Wording) -> Html:
    """Cases by week and how they ended; the weeks in which the tables changed are marked."""
    figures = found.figures
    title = say.say("report_weeks")
    if not figures.current.cases:
        return section("weeks", title, None, nothing(say.say("report_weeks_none")))
    parts = [Part(FILL[end], say.say(f"report_{end}")) for end in ENDS]
    rows = [
        Bar(
            say.short(one.week.monday),
            tuple(one.totals.ends[end] for end in ENDS),
            (say.say("report_tables_new"),) if one.new_tables else (),
        )
        for one in figures.weeks
    ]
    names = [
        say.say("report_week_days", date=_monday(one, figures, say), days=str(one.week.days))
        if one.week.days < 7
        else _monday(one, figures, say)
        for one in figures.weeks
    ]
    heads = [
        say.say("report_week"),
        *(part.name for part in parts),
        say.say("report_total"),
        say.say("report_share"),
    ]
    body = [
        [name, *map(str, row.sizes), str(one.totals.cases), say.rate(one.totals.alone, one.totals.cases)]
        for name, row, one in zip(names, rows, figures.weeks, strict=True)
    ]
    changes = [f"{say.day_of(at)} {version}" for one in figures.weeks for version, at in one.new_tables]
    shares = [
        one.totals.alone / one.totals.cases if one.totals.cases >= ENOUGH else None for one in figures.weeks
    ]
    return section(
        "weeks",
        title,
        say.say("report_weeks_means"),
        figure(
            columns(Drawing("c-weeks", title, _told(parts, figures.current, say)), parts, rows), legend(parts)
        ),
        element("p", say.say("report_weeks_tables", names=", ".join(changes)), class_="means")
        if changes
        else None,
        element("p", say.say("report_weeks_part"), class_="means")
        if any(w.week.days < 7 for w in figures.weeks)
        else None,
        table(say.say("report_table_of", title=title), heads, body),
        *_share_by_week([row.name for row in rows], shares, body, say),
    )


def _monday(one: OfWeek, figures: Figures, say: Wording) -> str:
    """The week's name, with the year where there are several."""
    years = {week.week.monday.year for week in figures.weeks}
    return say.short(one.week.monday, year=len(years) > 1)


def _share_by_week(
    names: Sequence[str], shares: Sequence[float | None], body: Sequence[Sequence[str]], say: Wording
) -> Iterator[Html]:
    if sum(share is not None for share in shares) > 1:
        title = say.say("report_weeks_share")
        told = "; ".join(f"{row[0]}: {row[-1]}" for row in body)
        yield element("h3", title)
        yield element("p", say.say("report_weeks_share_means"), class_="means")
        yield figure(line(Drawing("c-share", title, told), names, shares))


def _told(parts: Sequence[Part], of: Totals, say: Wording) -> str:
    ends = (f"{part.name}: {say.count(of.ends[end])}" for part, end in zip(parts, ENDS, strict=True))
    return "; ".join(ends)


def errors(found: Found, say: Wording) -> Html:
    """Cases by error, and by error and week."""
    figures, title = found.figures, say.say("report_rows")
    if not figures.rows:
        return section("rows", title, None, nothing(say.say("report_rows_none")))
    parts = [Part(FILL[end], say.say(f"report_{end}")) for end in ENDS]
    drawn = [Bar(say.row(row), tuple(of.ends[end] for end in ENDS)) for row, of in figures.rows.items()]
    told = "; ".join(f"{say.row(row)}: {say.count(of.cases)}" for row, of in figures.rows.items())
    units = say.say("report_cases_count", count="{}")
    heads = [say.say(f"report_{name}") for name in ("error", "cases", "alone", "desk", "questions", "time")]
    body = [
        [
            say.row(row),
            f"{of.cases:,}",
            say.rate(of.alone, of.cases),
            f"{of.ends['desk']:,}",
            say.number(of.questions),
            say.time(of.minutes),
        ]
        for row, of in figures.rows.items()
    ]
    return section(
        "rows",
        title,
        say.say("report_rows_means"),
        figure(bars(Drawing("c-rows", title, told), parts, drawn, units), legend(parts)),
        table(say.say("report_table_of", title=title), heads, body),
        element("h3", say.say("report_rows_weeks")),
        table(say.say("report_rows_weeks"), *_by_week(figures, say), quiet=True),
    )


def _by_week(figures: Figures, say: Wording) -> tuple[list[str], list[list[Child]]]:
    """A line for each week, a cell for each error: the more, the darker, and its number in it."""
    most = max((count for week in figures.weeks for count in week.rows.values()), default=1)
    body: list[list[Child]] = []
    for week in figures.weeks:
        cells: list[Child] = [_monday(week, figures, say)]
        for row in figures.rows:
            count = week.rows.get(row, 0)
            shade = -(-4 * count // most) if count else 0
            cells.append(element("span", str(count) if count else NOTHING, class_=f"heat heat{shade}"))
        body.append(cells)
    return [say.say("report_week"), *map(say.row, figures.rows)], body
