"""The operators' report as one HTML file that needs nothing else: no script, no font, no address. PURE."""

from datetime import timedelta

from bot.report_around import certificates, counted, incidents, tables, texts
from bot.report_cases import errors, headline, weeks
from bot.report_charts import patterns
from bot.report_cures import desk, feedback, remedies
from bot.report_found import Found
from bot.report_html import Html, element, joined, nothing
from bot.report_style import STYLE
from bot.report_words import Wording

# Also a page that is opened from a mail asks nobody for anything.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

SECTIONS = (
    headline,
    weeks,
    errors,
    remedies,
    desk,
    feedback,
    incidents,
    texts,
    certificates,
    tables,
    counted,
)


def page(found: Found, say: Wording) -> str:
    """The whole document; the same for the same data and moment."""
    title = say.say("report_title")
    period = found.figures.period
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="robots", content="noindex"),
        element("title", f"{title} {period.first.isoformat()} – {period.last.isoformat()}"),
        element("style", Html(STYLE)),
    )
    body = element(
        "body",
        patterns(),
        element("main", _opening(found, say), *(make(found, say) for make in SECTIONS)),
    )
    return f"<!doctype html>\n{element('html', head, body, lang=say.language)}\n"


def _opening(found: Found, say: Wording) -> Html:
    period = found.figures.period
    before = period.before()
    span = say.days(period.first, period.last)
    if period.days > 1:
        span = say.say("report_span", value=span, days=str(period.days))
    made = say.say("report_made", at=say.moment(found.made), value=str(say.zone))
    lines = [
        element("h1", say.say("report_title")),
        element("p", span, class_="span"),
        element("p", say.say("report_compared", value=say.days(before.first, before.last))),
        element("p", made if period.is_over else f"{made} {say.say('report_not_over')}"),
    ]
    if before.begin < found.made - timedelta(days=found.kept_days):
        lines.append(element("p", say.say("report_not_kept", days=str(found.kept_days))))
    if (found.texts.shown or found.own_words) and found.has_texts:
        lines.append(element("p", say.say("report_texts_in_it"), class_="mind"))
    elif not found.has_texts:
        lines.append(element("p", say.say("report_no_texts"), class_="mind"))
    if not found.figures.current.cases:
        lines.append(nothing(say.say("report_empty")))
    return element("header", joined(lines))
