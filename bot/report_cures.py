"""The report's sections about cures: remedies, the helpdesk, feedback. PURE."""

from collections.abc import Iterator, Mapping, Sequence

from bot.report_charts import Bar, Drawing, Part, bars, legend
from bot.report_figures import ENOUGH, Figures, RowOf, Tries
from bot.report_found import Found
from bot.report_html import Child, Html, element, figure, nothing, section, table
from bot.report_words import NOTHING, Wording

OF_REMEDY = (("helped", 1), ("did_not", 2), ("otherwise", 3), ("could_not", 4), ("untold", 5))


def remedies(found: Found, say: Wording) -> Html:
    """Which remedy helped, and which never did."""
    figures, title = found.figures, say.say("remedies")
    if not figures.remedies:
        return section("remedies", title, None, nothing(say.say("remedies_none")))
    parts = [Part(fill, say.say(name)) for name, fill in OF_REMEDY]
    drawn = [Bar(say.remedy(remedy), _sizes(of)) for remedy, of in figures.remedies.items()]
    told = "; ".join(
        f"{say.remedy(remedy)}: {say.say('helped')} {say.share(of.helped, of.offered)}"
        for remedy, of in figures.remedies.items()
    )
    never = [remedy for remedy, of in figures.remedies.items() if of.never_helped]
    heads = [say.say("remedy"), *_heads(say)]
    by_row = [say.say("error"), *heads]
    return section(
        "remedies",
        title,
        say.say("remedies_means"),
        figure(
            bars(Drawing("c-remedies", title, told), parts, drawn, say.say("cases_count", count="{}")),
            legend(parts),
        ),
        table(
            say.say("table_of", title=title),
            heads,
            [[say.remedy(remedy), *_cells(of, say)] for remedy, of in figures.remedies.items()],
        ),
        element("h3", say.say("never")),
        *_never(never, figures.remedies, say),
        element("h3", say.say("by_row")),
        table(
            say.say("by_row"),
            by_row,
            [
                [say.row(row), element("span", say.remedy(remedy), class_="words"), *_cells(of, say)]
                for (row, remedy), of in _in_order(figures)
            ],
        ),
    )


def _never(never: Sequence[str], tried: Mapping[str, Tries], say: Wording) -> Iterator[Html]:
    if not never:
        yield nothing(say.say("never_none", count=str(ENOUGH)))
        return
    yield element("p", say.say("never_means", count=str(ENOUGH)), class_="means")
    yield element(
        "ul",
        *(element("li", f"{say.remedy(one)} ({say.say('offered')}: {tried[one].offered})") for one in never),
        class_="warned",
    )


def _in_order(figures: Figures) -> list[tuple[tuple[RowOf, str], Tries]]:
    """By error, as these stand above; then by how often."""
    place = {row: number for number, row in enumerate(figures.rows)}
    return sorted(figures.by_row.items(), key=lambda one: (place[one[0][0]], -one[1].offered, one[0][1]))


def _sizes(of: Tries) -> tuple[int, ...]:
    return (of.helped, of.did_not, of.otherwise, of.stopped, of.untold)


def _heads(say: Wording) -> list[str]:
    names = ("offered", *(name for name, _ in OF_REMEDY), "reasons", "by_desk")
    return [say.say(name) for name in names]


def _cells(of: Tries, say: Wording) -> list[Child]:
    helped, *others = _sizes(of)
    reasons = ", ".join(f"{say.reason(reason)} {count}" for reason, count in of.could_not.items())
    return [
        str(of.offered),
        say.share(helped, of.offered),
        *map(str, others),
        element("span", reasons or NOTHING, class_="words"),
        str(of.by_desk),
    ]


def desk(found: Found, say: Wording) -> Html:
    """Hand-overs by error, and with what the helpdesk cured them."""
    figures, title = found.figures, say.say("handed")
    if not figures.desk:
        return section("desk", title, None, nothing(say.say("handed_none")))
    heads = ("error", "desk", "closed", "themselves", "until_taken", "at_desk")
    body = [
        [
            say.row(one.row),
            str(one.cases),
            str(one.closed),
            str(one.themselves),
            say.time(one.until_taken),
            say.time(one.at_desk),
        ]
        for one in figures.desk
    ]
    return section(
        "desk",
        title,
        say.say("handed_means"),
        table(title, [say.say(name) for name in heads], body),
        *_cures(found, say),
    )


def _cures(found: Found, say: Wording) -> Iterator[Html]:
    if found.figures.cures:
        heads = ("error", "cure", "cases", "in_tables", "was_shown")
        body = [
            [
                say.row(one.row),
                element("span", say.remedy(one.remedy), class_="words"),
                str(one.cases),
                NOTHING
                if one.remedy is None
                else _whether(say.say("yes" if one.offered else "no"), one.offered),
                NOTHING if one.remedy is None else str(one.shown),
            ]
            for one in found.figures.cures
        ]
        yield element("h3", say.say("cures"))
        yield element("p", say.say("cures_means"), class_="means")
        yield table(say.say("cures"), [say.say(name) for name in heads], body)
    if found.own_words and found.has_texts:
        yield element("h3", say.say("other_cures"))
        yield element("p", say.say("other_cures_means", days=str(found.retention_days)), class_="means")
        yield table(
            say.say("other_cures"),
            [say.say("day"), say.say("error"), say.say("words")],
            [[say.day_of(one.at), say.row(one.row), one.words] for one in found.own_words],
            numbers=False,
        )


def _whether(word: str, holds: bool) -> Html:
    return element("span", word) if holds else element("strong", word)


def feedback(found: Found, say: Wording) -> Html:
    """What people thought of it, by error."""
    figures, title = found.figures, say.say("rated")
    rated = {row: of for row, of in figures.rows.items() if of.rated or of.file_good or of.file_bad}
    if not rated:
        return section("feedback", title, None, nothing(say.say("rated_none")))
    parts = [Part(1, say.say("good")), Part(2, say.say("bad"))]
    drawn = [Bar(say.row(row), (of.good, of.bad)) for row, of in rated.items() if of.rated]
    told = "; ".join(
        f"{say.row(row)}: {say.share(of.good, of.rated)}" for row, of in rated.items() if of.rated
    )
    heads = [say.say(name) for name in ("error", "good", "bad", "feedback", "file_good", "file_bad")]
    body = [
        [
            say.row(row),
            str(of.good),
            str(of.bad),
            say.share(of.good, of.rated),
            str(of.file_good),
            str(of.file_bad),
        ]
        for row, of in rated.items()
    ]
    chart = bars(Drawing("c-feedback", title, told), parts, drawn, say.say("cases_count", count="{}"))
    return section(
        "feedback",
        title,
        say.say("rated_means"),
        figure(chart, legend(parts)) if drawn else None,
        table(say.say("table_of", title=title), heads, body),
    )
