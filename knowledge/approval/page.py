"""Small pieces of HTML: texts of the tables as they are said, pairs of languages, badges."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from typing import Any

from knowledge.approval.words import meaning
from knowledge.book import Book
from knowledge.rows import BLANK, Language, Outlook, Words
from knowledge.words import fill, menu_values

# Characters that no text holds: around what was filled in, and around what a blank stands for.
_COMPANY, _BLANK, _END = "\ue000", "\ue001", "\ue002"
_MARKS = {_COMPANY: '<mark class="company">', _BLANK: '<span class="blank">〔', _END: ""}
_FILLED = re.compile(f"([{_COMPANY}{_BLANK}])([^{_END}]*){_END}")
_BOLD = re.compile(r"\*([^*\n]+)\*")
_CODE = re.compile(r"`([^`\n]+)`")

# Blanks that company.toml fills.
OF_COMPANY = {
    "company": "name",
    "certificate_issuer": "certificate_issuer",
    "renewal": "renewal",
    "contact": "helpdesk",
    "emergency": "emergency",
    "hours": "hours",
    "web_mail": "web_mail",
    "provider_host": "mail_servers",
}


@dataclass(frozen=True)
class Source:
    """What is printed: the tables, the built-in ones to compare with, and the day of printing."""

    book: Book
    built_in: Book
    day: date

    @cached_property
    def values(self) -> Mapping[Language, Mapping[str, str]]:
        """What stands for every blank: the company's entry, or its default, or what it means."""
        return {"ja": self._values("ja"), "en": self._values("en")}

    def _values(self, language: Language) -> dict[str, str]:
        found = {}
        for name, text in self.book.company_values(language).items():
            given = getattr(self.book.company, OF_COMPANY[name])
            found[name] = f"{_COMPANY}{text}{_END}" if given else text
        return found

    def said(self, words: Words, language: Language, outlook: Outlook = "classic") -> str:
        """The text as it is said, in HTML."""
        values = dict(self.values[language])
        for blank in words.blanks(language):
            if blank not in values:
                values[blank] = f"{_BLANK}{meaning(blank, language)}{_END}"
        text = fill(words[language], {**values, **menu_values(words, self.book.labels, outlook, language)})
        return marked(text)

    def is_changed(self, table: str, id_: str, *fields: str) -> bool:
        """Whether this text is the company's: another one than the built-in, or one that is not there."""
        own: Any = getattr(self.book, table)[id_]
        other: Any = getattr(self.built_in, table).get(id_)
        for field in fields:
            own, other = _of(own, field), _of(other, field)
        return bool(own != other)


def _of(value: Any, field: str) -> Any:
    if value is None:
        return None
    if isinstance(value, Mapping):
        return value.get(field)
    if isinstance(value, tuple):
        return value[int(field)] if int(field) < len(value) else None
    return getattr(value, field)


def marked(text: str) -> str:
    """The text in HTML: what was filled in is marked, stars make bold."""
    shown = escape(text, quote=False)
    shown = _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", shown))
    return _FILLED.sub(_span, shown).replace("\n", "<br>")


def _span(found: re.Match[str]) -> str:
    close = "〕</span>" if found[1] == _BLANK else "</mark>"
    return f"{_MARKS[found[1]]}{found[2]}{close}"


def both(ja: str, en: str) -> str:
    """Words of the document itself in both languages, on one line."""
    return f'<span lang="ja">{escape(ja)}</span> <span lang="en" class="en">{escape(en)}</span>'


def pair(
    source: Source,
    words: Words,
    *,
    name: tuple[str, str] | None = None,
    changed: bool = False,
    outlook: Outlook = "classic",
    id_: str = "",
) -> str:
    """A text in both languages side by side, with what it is (`name`) before it."""
    lead = (both(*name) if name else "") + badge_changed(changed)
    lead = f'<div class="name">{lead}</div>' if lead else ""
    known = f'<code class="id">{escape(id_)}</code>' if id_ else ""
    texts = "".join(
        f'<p class="said" lang="{language}">{source.said(words, language, outlook)}</p>'
        for language in ("ja", "en")
    )
    more = "".join(
        f'<p class="said" lang="{language}">{marked(_blanks_only(text))}</p>'
        for language, text in words.more.items()
    )
    return f'<div class="pair">{lead}<div class="texts">{texts}{more}{known}</div></div>'


def _blanks_only(text: str) -> str:
    return BLANK.sub(lambda blank: f"{_BLANK}{meaning(blank[1], 'en')}{_END}", text)


def badge(ja: str, en: str, kind: str = "") -> str:
    """A small mark, such as who does it."""
    return f'<span class="badge {kind}">{both(ja, en)}</span>'


def badge_changed(changed: bool) -> str:
    return badge("会社の文", "company’s wording", "changed") if changed else ""


def table(heads: Iterable[tuple[str, str]], rows: Iterable[Iterable[str]], kind: str = "") -> str:
    """A table; the cells are HTML."""
    head = "".join(f'<th scope="col">{both(*names)}</th>' for names in heads)
    head = f"<thead><tr>{head}</tr></thead>" if head else ""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table class="{kind}">{head}<tbody>{body}</tbody></table></div>'


def link(to: str, label: str) -> str:
    """A link within the document; the label is HTML."""
    return f'<a href="#{to}">{label}</a>'


def origin(source: str) -> str:
    """Where a text comes from; an address on the web leads there."""
    shown = escape(source)
    address = re.match(r"https://[^\s<>\"']+", source)
    if not address:
        return shown
    there = escape(address[0])
    return f'<a href="{there}" rel="noreferrer">{there}</a>{escape(source[address.end() :])}'
