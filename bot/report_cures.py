"""The report's sections about cures: remedies, the helpdesk, feedback. PURE."""

from collections.abc import Iterator, Mapping, Sequence

from bot.report_charts import Bar, Drawing, Part, bars, legend
from bot.report_figures import ENOUGH, Figures, Tries
from bot.report_found import Found
from bot.report_html import Child, Html, element, figure, grouped_table, nothing, section, table
from bot.report_words import NOTHING, Wording

OF_REMEDY = (("helped", 1), ("did_not", 2), ("otherwise", 3), ("could_not", 4), ("untold", 5))


def remedies(found: Found, say: Wording) -> Html:
    """Which remedy helped, and which never did."""
    figures, title = found.figures, say.say("report_remedies")
    if not figures.remedies:
        return section("remedies", title, None, nothing(say.say("report_remedies_none")))
    parts = [Part(fill, say.say(f"report_{name}")) for name, fill in OF_REMEDY]
    drawn = [Bar(say.remedy(remedy), _sizes(of)) for remedy, of in figures.remedies.items()]
    told = "; ".join(
        f"{say.remedy(remedy)}: {say.say('report_helped')} {say.share(of.helped, of.offered)}"
        for remedy, of in figures.remedies.items()
    )
    never = [remedy for remedy, of in figures.remedies.items() if of.never_helped]
    heads = [say.say("report_remedy"), *_heads(say)]
    reasons = heads.index(say.say("report_reasons"))
    by_row = [head for column, head in enumerate(heads) if column != reasons]
    return section(
        "remedies",
        title,
        say.say("report_remedies_means"),
        figure(
            bars(Drawing("c-remedies", title, told), parts, drawn, say.say("report_cases_count", count="{}")),
            legend(parts),
        ),
        table(
            say.say("report_table_of", title=title),
            heads,
            [[say.remedy(remedy), *_cells(of, say)] for remedy, of in figures.remedies.items()],
            words=(reasons,),
        ),
        element("h3", say.say("report_never")),
        *_never(never, figures.remedies, say),
        element("h3", say.say("report_by_row")),
        grouped_table(say.say("report_by_row"), by_row, _by_row(figures, say), quiet=True),
    )


def _by_row(figures: Figures, say: Wording) -> Iterator[tuple[str, list[list[Child]]]]:
    """By error, as these stand above; then by how often."""
    for row in figures.rows:
        of_row = [
            [say.remedy(remedy), *_cells(of, say, reasons=False)]
            for (of_which, remedy), of in figures.by_row.items()
            if of_which == row
        ]
        if of_row:
            yield say.row(row), of_row


def _never(never: Sequence[str], tried: Mapping[str, Tries], say: Wording) -> Iterator[Html]:
    if not never:
        yield nothing(say.say("report_never_none", count=str(ENOUGH)))
        return
    yield element("p", say.say("report_never_means", count=str(ENOUGH)), class_="means")
    yield element(
        "ul",
        *(
            element("li", f"{say.remedy(one)} ({say.say('report_offered')}: {tried[one].offered})")
            for one in never
        ),
        class_="warned",
    )


def _sizes(of: Tries) -> tuple[int, ...]:
    return (of.helped, of.did_not, of.otherwise, of.stopped, of.untold)


def _heads(say: Wording) -> list[str]:
    names = ("offered", *(name for name, _ in OF_REMEDY), "reasons", "by_desk")
    return [say.say(f"report_{name}") for name in names]


def _cells(of: Tries, say: Wording, *, reasons: bool = True) -> list[Child]:
    helped, *others = _sizes(of)
    told = "; ".join(f"{say.reason(reason)}\u00a0{count}" for reason, count in of.could_not.items())
    why = [told or NOTHING] if reasons else []
    return [str(of.offered), say.rate(helped, of.offered), *map(str, others), *why, str(of.by_desk)]


def desk(found: Found, say: Wording) -> Html:
    """Hand-overs by error, and with what the helpdesk cured them."""
    figures, title = found.figures, say.say("report_handed")
    if not figures.desk:
        return section("desk", title, None, nothing(say.say("report_handed_none")))
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
        say.say("report_handed_means"),
        table(title, [say.say(f"report_{name}") for name in heads], body, quiet=True),
        *_cures(found, say),
    )


def _cures(found: Found, say: Wording) -> Iterator[Html]:
    if found.figures.cures:
        heads = [say.say(f"report_{name}") for name in ("cure", "cases", "in_tables", "was_shown")]
        yield element("h3", say.say("report_cures"))
        yield element("p", say.say("report_cures_means"), class_="means")
        yield grouped_table(say.say("report_cures"), heads, _cures_by_row(found.figures, say), quiet=True)
    if found.own_words and found.has_texts:
        yield element("h3", say.say("report_other_cures"))
        yield element(
            "p", say.say("report_other_cures_means", days=str(found.retention_days)), class_="means"
        )
        yield table(
            say.say("report_other_cures"),
            [say.say("report_day"), say.say("report_error"), say.say("report_words")],
            [[say.day_of(one.at), say.row(one.row), one.words] for one in found.own_words],
            words=(1, 2),
            quiet=True,
        )


def _cures_by_row(figures: Figures, say: Wording) -> Iterator[tuple[str, list[list[Child]]]]:
    for row in dict.fromkeys(one.row for one in figures.cures):
        yield (
            say.row(row),
            [
                [
                    say.remedy(one.remedy),
                    str(one.cases),
                    NOTHING if one.remedy is None else _is_in_tables(one.offered, say),
                    NOTHING if one.remedy is None else str(one.shown),
                ]
                for one in figures.cures
                if one.row == row
            ],
        )


def _is_in_tables(offered: bool, say: Wording) -> Child:
    return say.say("report_yes") if offered else element("strong", say.say("report_no"))


def feedback(found: Found, say: Wording) -> Html:
    """What people thought of it, by error."""
    figures, title = found.figures, say.say("report_rated")
    rated = {row: of for row, of in figures.rows.items() if of.rated or of.file_good or of.file_bad}
    if not rated:
        return section("feedback", title, None, nothing(say.say("report_rated_none")))
    parts = [Part(1, say.say("report_good")), Part(2, say.say("report_bad"))]
    drawn = [Bar(say.row(row), (of.good, of.bad)) for row, of in rated.items() if of.rated]
    told = "; ".join(
        f"{say.row(row)}: {say.share(of.good, of.rated)}" for row, of in rated.items() if of.rated
    )
    heads = [say.say(f"report_{name}") for name in ("error", "good", "bad", "share", "file_good", "file_bad")]
    body = [
        [
            say.row(row),
            str(of.good),
            str(of.bad),
            say.rate(of.good, of.rated),
            str(of.file_good),
            str(of.file_bad),
        ]
        for row, of in rated.items()
    ]
    chart = bars(Drawing("c-feedback", title, told), parts, drawn, say.say("report_cases_count", count="{}"))
    return section(
        "feedback",
        title,
        say.say("report_rated_means"),
        figure(chart, legend(parts)) if drawn else None,
        table(say.say("report_table_of", title=title), heads, body),
    )
