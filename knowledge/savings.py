"""How many questions each entry of the company's file saves: the ladders walked with and without it.

Pure: the tables alone. Two conversations of the same person are led side by side, one in a company that has
the entry and one in a company that has not; each question has every answer once, and what the entry tells is
answered truly or with わからない. A remedy does not help; after two of them a person takes over.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from knowledge.book import Book
from knowledge.decide import Advise, Ask
from knowledge.rows import OUTLOOKS, UNKNOWN, Company, Words
from knowledge.rungs import Rung, foot

MOST_QUESTIONS = 3  # before the first advice
REMEDIES = 2  # that do not help, before a person takes over


def _words(text: str) -> Words:
    return Words(ja=text, en=text)


# What an entry may say (as the company's file would), and what a message or a file then tells besides.
SAYS: Mapping[str, tuple[tuple[Any, Mapping[str, str]], ...]] = {
    "mail_system": tuple((system, {}) for system in ("m365", "exchange", "hosting")),
    "outlook": tuple((outlook, {}) for outlook in OUTLOOKS),
    "signing": (("required", {}), ("optional", {})),
    "mail_servers": ((("mail.example.com",), {"server_name": "mail.example.com"}),),
    "own_domains": (
        (("example.com",), {"server_name": "mail.example.com"}),
        (("example.com",), {"server_name": "autodiscover.example.com"}),
    ),
    "inspection_products": ((("Example Gateway",), {"issuer": "Example Gateway CA"}),),
    "name": ((_words("Example Trading"), {"issuer": "Example Trading Root CA"}),),
    "certificate_issuer": ((_words("Example Issuing CA"), {"issuer": "Example Issuing CA"}),),
}

# In whose place a word of the book's own stands where the entry is missing: default_… among the phrases.
WORDS: Mapping[str, str] = {
    "name": "company",
    "mail_servers": "provider_host",
    "certificate_issuer": "certificate_issuer",
    "renewal": "renewal",
    "web_mail": "web_mail",
    "helpdesk": "contact",
    "emergency": "emergency",
    "hours": "hours",
}


@dataclass(frozen=True)
class Saving:
    """What an entry saves in one row's conversations, each way to answer as likely as any other."""

    row: str
    mean: float
    """Questions a conversation."""
    most: int
    """Questions in the conversation that gains most."""
    remedies: float
    """Remedies a conversation that are done in vain."""


def missing(company: Company) -> tuple[str, ...]:
    """The entries that the company's file does not have and that save a question or a search."""
    return tuple(name for name in dict.fromkeys((*SAYS, *WORDS)) if not getattr(company, name))


def said_instead(book: Book, entry: str) -> Words | None:
    """The words that people read where this entry is missing; None if none stand in its place."""
    return book.phrases[f"default_{WORDS[entry]}"] if entry in WORDS else None


def savings(book: Book, entry: str) -> list[Saving]:
    """What this entry would save beside those that are there, by row, the one that gains most first; where
    it would cost something, less than 0. Nothing where it makes no difference to what is asked or done."""
    gains: dict[str, list[_Gain]] = {}
    for value, told in SAYS.get(entry, ()):
        with_it = book.with_company(book.company.model_copy(update={entry: value}))
        without, given = _facts(book, told), _facts(with_it, told)
        for row in book.errors:
            if _could_matter(book, row, without, given):
                pair = _Pair(foot(book, row, without), foot(with_it, row, given))
                gains.setdefault(row, []).append(_gain(pair, _supplied(without, given)))
    means = {row: _mean(gained) for row, gained in gains.items()}
    found = [
        Saving(row, round(gain.mean, 3), gain.most, round(gain.remedies, 3)) for row, gain in means.items()
    ]
    different = [saving for saving in found if (saving.mean, saving.most, saving.remedies) != (0, 0, 0)]
    return sorted(different, key=lambda saving: (-saving.mean, -saving.remedies))


def needs_a_name(entry: str) -> bool:
    """Whether it saves anything only where a message or a file names the server or the issuer."""
    return any(told for _, told in SAYS.get(entry, ()))


def _facts(book: Book, told: Mapping[str, str]) -> dict[str, str]:
    facts = book.company.facts()
    for name, text in told.items():
        facts |= {**book.classify(name, text), name: text}
    return facts


def _supplied(without: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if without.get(name) != value}


def _could_matter(book: Book, row: str, without: Mapping[str, str], given: Mapping[str, str]) -> bool:
    named = {fact for case in book.errors[row].case for fact in case.conditions()}
    return bool(named & _supplied(without, given).keys())


@dataclass(frozen=True)
class _Pair:
    """The same person's conversation without the entry and with it."""

    without: Rung
    given: Rung
    answers: Mapping[str, str] = field(default_factory=dict)
    """What this person answers, so far as it was asked: the same to both."""

    def key(self) -> tuple[object, ...]:
        return self.without.key(), self.given.key(), frozenset(self.answers.items())


@dataclass(frozen=True)
class _Gain:
    mean: float = 0.0
    most: int = 0
    remedies: float = 0.0


def _mean(gains: Sequence[_Gain]) -> _Gain:
    return _Gain(
        sum(gain.mean for gain in gains) / len(gains),
        max(gain.most for gain in gains),
        sum(gain.remedies for gain in gains) / len(gains),
    )


def _gain(pair: _Pair, supplied: Mapping[str, str]) -> _Gain:
    """What is asked and done without the entry and not with it."""
    return _looked_up(pair, supplied, {})


def _looked_up(pair: _Pair, supplied: Mapping[str, str], known: dict[object, _Gain]) -> _Gain:
    key = pair.key()
    if key not in known:
        known[key] = _led_on(pair, supplied, partial(_looked_up, supplied=supplied, known=known))
    return known[key]


def _led_on(pair: _Pair, supplied: Mapping[str, str], lead: Any) -> _Gain:
    for rung, counts in ((pair.without, 1), (pair.given, -1)):
        match _step(rung):
            case Ask(fact):
                ways = list(_answered(pair, rung, fact, supplied))
                on = _mean([lead(way) for way in ways])
                return _Gain(counts + on.mean, counts + on.most, on.remedies)
            case Advise(remedy):
                after = rung.ended(remedy, "not_solved")
                rest: _Gain = lead(_replaced(pair, rung, after))
                return replace(rest, remedies=rest.remedies + counts)
            case None:
                continue
    return _Gain()


def _step(rung: Rung) -> Ask | Advise | None:
    """The question or the advice that comes next; None where a person takes over."""
    if len(rung.attempts) >= REMEDIES:
        return None
    decision = rung.decision(may_ask=bool(rung.attempts) or len(rung.asked) < MOST_QUESTIONS)
    if isinstance(decision, Advise) and rung.book.who(decision.remedy) != "user":
        return None
    return decision if isinstance(decision, Ask | Advise) else None


def _answered(pair: _Pair, rung: Rung, fact: str, supplied: Mapping[str, str]) -> Iterator[_Pair]:
    for value in _answers(pair, rung, fact, supplied):
        after = rung.answered(fact, value)
        replaced = _replaced(pair, rung, after)
        yield _Pair(replaced.without, replaced.given, {**pair.answers, fact: value})


def _answers(pair: _Pair, rung: Rung, fact: str, supplied: Mapping[str, str]) -> Collection[str]:
    if fact in pair.answers:
        return (pair.answers[fact],)
    if fact in supplied:
        return (supplied[fact], UNKNOWN)
    return (*rung.book.questions[fact].option, UNKNOWN)


def _replaced(pair: _Pair, rung: Rung, after: Rung) -> _Pair:
    if rung is pair.without:
        return _Pair(after, pair.given, pair.answers)
    return _Pair(pair.without, after, pair.answers)
