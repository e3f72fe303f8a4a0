"""Texts with their blanks filled: menu labels as the PC shows them, and values."""

import re
from collections.abc import Mapping

from knowledge.rows import BLANK, Label, Language, Outlook, Words

# The blanks that a text of the tables may have, beside {menu.…}: what they stand for.
BLANKS: Mapping[str, str] = {
    "address": "the address the certificate was compared with",
    "addresses": "the addresses in the certificate",
    "applicant": "who has to apply",
    "at": "a time",
    "case": "the number of the consultation",
    "certificate_issuer": "company: who issues certificates",
    "company": "company: its name",
    "contact": "company: how to reach the helpdesk",
    "count": "a number",
    "date": "a date",
    "days": "a number of days",
    "detail": "further words",
    "emergency": "company: whom to call in an emergency",
    "error": "a row's title",
    "expected": "when to expect an answer",
    "fact": "a fact's name",
    "file": "a file's name",
    "hours": "company: the helpdesk's hours",
    "issuer": "the issuer's name",
    "kind": "what a file is",
    "minutes": "a number of minutes",
    "who": "the name of somebody at the helpdesk",
    "mark": "how urgent it is, as a coloured dot",
    "names": "the names in a server's certificate",
    "next": "the next action",
    "not_after": "the last day of validity",
    "not_before": "the first day of validity",
    "option": "an answer",
    "outcome": "how a remedy ended",
    "person": "who it is",
    "profile": "the address in the Slack profile",
    "provider_host": "company: the right server name",
    "question": "a question",
    "reason": "why",
    "remedy": "a remedy's title",
    "renewal": "company: where to renew a certificate",
    "revoked_at": "the day on which it was revoked",
    "root": "the name of the root",
    "server": "the mail server's name",
    "size": "a size",
    "source": "who told a fact",
    "subject": "whom a certificate is for",
    "title": "a title",
    "today": "today's date",
    "url": "an address on the web",
    "value": "a value",
    "web_mail": "company: the web version's address",
    "whose": "whose certificate",
    "words": "words of the message",
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every blank replaced, in one pass: a value that looks like a blank stays as it is.

    Raises KeyError for a blank without a value.
    """
    return BLANK.sub(lambda blank: values[blank[1]], text)


_DAYS = {"mon": "月", "tue": "火", "wed": "水", "thu": "木", "fri": "金", "sat": "土", "sun": "日"}


def hours_text(hours: str, language: Language) -> str:
    """The helpdesk's hours, such as `mon-fri 09:00-18:00`, as people write them: 平日 9:00〜18:00."""
    if language != "ja":
        return re.sub(r"[a-z]{3}", lambda day: day[0].capitalize(), hours.lower())
    shown = hours.lower().replace("mon-fri", "平日")
    shown = re.sub("|".join(_DAYS), lambda day: _DAYS[day[0]], shown)
    return re.sub(r"\b0(\d:)", r"\1", shown).replace("-", "〜").replace(",", "、")


def label_text(label: Label, outlook: Outlook, language: Language) -> str:
    """The label in brackets, as a Japanese PC shows it; in English both: the PC is Japanese whoever reads.

    Raises KeyError where this kind of Outlook has no such label.
    """
    words = label.on(outlook)
    if words is None:
        raise KeyError(outlook)
    if language != "ja":
        shown = words[language]
        return f"*{shown}*" if shown == words.ja else f"*{shown}* ({words.ja})"
    return f"［{words.ja}］" if label.kind == "menu" else f"「{words.ja}」"


def menu_values(
    text: Words, labels: Mapping[str, Label], outlook: Outlook, language: Language
) -> dict[str, str]:
    """The values of the {menu.…} blanks of this text."""
    return {
        blank: label_text(labels[blank.removeprefix("menu.")], outlook, language)
        for blank in text.blanks(language)
        if blank.startswith("menu.")
    }
