"""The report's sections about what stands around cases: incidents, texts, certificates, tables. PURE."""

from collections.abc import Iterator

from bot.report_charts import Bar, Drawing, Part, bars
from bot.report_found import MOST_TEXTS, WITHIN, Found, Text, ending, owners
from bot.report_html import Child, Html, element, figure, nothing, section, table
from bot.report_words import NOTHING, Wording


def incidents(found: Found, say: Wording) -> Html:
    """Those that began in the period."""
    title, means = (
        say.say("report_incidents"),
        say.say("report_incidents_means", days=str(found.retention_days)),
    )
    if not found.incidents:
        return section("incidents", title, means, nothing(say.say("report_incidents_none")))
    heads = ["incident_number", "began", "error", "server", "people", "took", "cure"]
    body: list[list[Child]] = [
        [
            f"I-{one.number}",
            say.moment(one.began),
            say.row(one.row),
            one.server or NOTHING,
            str(one.people),
            say.time(one.minutes) if one.closed else say.say("report_still_open"),
            say.remedy(one.remedy) if one.remedy else NOTHING,
        ]
        for one in found.incidents
    ]
    return section(
        "incidents",
        title,
        means,
        table(title, [say.say(f"report_{name}") for name in heads], body, words=(1, 2, 3, 6), quiet=True),
    )


def texts(found: Found, say: Wording) -> Html:
    """What fitted no error, grouped; the words themselves only where they may be shown."""
    title, of = say.say("report_unmatched"), found.texts
    means = say.say("report_unmatched_means", count=str(MOST_TEXTS), days=str(found.retention_days))
    if not of.count:
        return section("unmatched", title, means, nothing(say.say("report_unmatched_none")))
    count = element(
        "p",
        say.say("report_unmatched_count", count=f"{of.count:,}", value=f"{of.different:,}"),
        class_="count",
    )
    if not found.has_texts:
        return section("unmatched", title, means, count, nothing(say.say("report_no_texts")))
    heads = ["unmatched_times", "unmatched_text", "unmatched_how", "unmatched_last", "unmatched_by_now"]
    body = [_text(one, say) for one in of.shown]
    drawn = table(title, [say.say(f"report_{name}") for name in heads], body, words=(1, 2, 3, 4), quiet=True)
    return section("unmatched", title, means, count, drawn)


def _text(one: Text, say: Wording) -> list[Child]:
    return [
        str(one.count),
        element("span", one.text, class_="quoted"),
        say.say(f"report_unmatched_was_{one.decision}"),
        say.day_of(one.last),
        say.row(one.by_now) if one.by_now else NOTHING,
    ]


def certificates(found: Found, say: Wording) -> Html:
    """The watched certificates that end soon, and whose they are."""
    title, means = say.say("report_certificates"), say.say("report_certificates_means")
    groups = ending(found.watched, found.made)
    if not any(groups):
        watched = str(sum(one.state != "ended" for one in found.watched))
        return section(
            "certificates", title, means, nothing(say.say("report_certificates_none", count=watched))
        )
    names = [say.say(f"report_certificates_{days}") for days in WITHIN]
    parts = [Part(1, say.say("report_certificates_count"))]
    rows = [Bar(name, (len(group),)) for name, group in zip(names, groups, strict=True)]
    told = "; ".join(f"{name}: {len(group)}" for name, group in zip(names, groups, strict=True))
    body: list[list[Child]] = [
        [element("code", person), *map(str, counts), say.day_of(first)]
        for person, counts, first in owners(groups)
    ]
    return section(
        "certificates",
        title,
        means,
        figure(bars(Drawing("c-certificates", title, told), parts, rows, "{}")),
        table(
            say.say("report_owners"),
            [say.say("report_owner"), *names, say.say("report_certificates_next")],
            body,
        ),
    )


def tables(found: Found, say: Wording) -> Html | None:
    """Which versions of the tables led to these ends."""
    versions = found.figures.tables
    if not versions:
        return None
    title = say.say("report_tables")
    body: list[list[Child]] = [
        [
            say.say("report_version_now", value=version) if version == found.tables else version,
            say.day_of(first),
            str(count),
        ]
        for version, first, count in versions
    ]
    heads = [say.say("report_version"), say.say("report_first_case"), say.say("report_cases")]
    return section("tables", title, say.say("report_tables_means"), table(title, heads, body, quiet=True))


def counted(found: Found, say: Wording) -> Html:
    """How everything above was counted."""
    return section("counted", say.say("report_counted"), None, element("ul", *_rules(found, say)))


def _rules(found: Found, say: Wording) -> Iterator[Html]:
    yield element("li", say.say("report_counted_ended"))
    if found.figures.examples:
        yield element("li", say.say("report_counted_examples", count=str(found.figures.examples)))
    yield element("li", say.say("report_counted_small"))
    yield element("li", say.say("report_counted_kept", days=str(found.kept_days)))
