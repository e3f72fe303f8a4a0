"""What a stored conversation names and the tables no longer have: it is dropped, and decided again. PURE."""

from typing import Any

from bot.conversation import Conversation, Earlier, Phase
from bot.talk import SENDER
from checks.report import Report
from knowledge.book import Book
from knowledge.facts import Attempt


def without_gone(conversation: Conversation, book: Book) -> Conversation:
    """The conversation without the ids that are not in the tables: after another version of them was started.

    Where its error is gone, it listens again; where what was open is gone, whatever happens next decides
    anew what comes. The same object, if nothing is gone.
    """
    row = conversation.row if conversation.row in book.errors else None
    candidates = tuple(one for one in conversation.candidates if one in book.errors)
    asked = conversation.question
    question = book.questions.get(asked or "")
    now: dict[str, Any] = {
        "row": row,
        "candidates": candidates,
        "phase": _phase(conversation, row, candidates),
        "question": asked if asked == SENDER or (question and question.ask) else None,
        "remedy": conversation.remedy if conversation.remedy in book.remedies else None,
        "facts": {
            name: fact for name, fact in conversation.facts.items() if _is_known(book, name, fact.value)
        },
        "attempts": _attempts(conversation.attempts, book),
        "explained": tuple(one for one in conversation.explained if one in book.questions),
        "shown": tuple(one for one in conversation.shown if one in book.remedies),
        "report": _report(conversation.report, book),
        "past": tuple(
            one.model_copy(update={"attempts": _attempts(one.attempts, book)})
            for one in conversation.past
            if one.row in book.errors
        ),
        "earlier": tuple(_earlier(one, book) for one in conversation.earlier),
    }
    changes = {name: value for name, value in now.items() if value != getattr(conversation, name)}
    return conversation.model_copy(update=changes) if changes else conversation


def with_its_past(stored: Conversation, seen: Conversation, after: Conversation) -> Conversation:
    """The conversation after a step, with what the step did not touch of what is over and was dropped for it.

    `seen` is the stored one as the step saw it. A closed trouble keeps its error and its remedies, whatever
    the tables have now: the report counts it as what it was.
    """
    over = ["earlier", "past"]
    if stored.phase == after.phase == "solved" and stored.trouble == after.trouble:
        over += ["row", "shown", "attempts"]
    kept = {name: getattr(stored, name) for name in over if getattr(after, name) == getattr(seen, name)}
    return after.model_copy(update=kept)


def _phase(conversation: Conversation, row: str | None, candidates: tuple[str, ...]) -> Phase:
    match conversation.phase:
        case "asking" if conversation.question == SENDER:
            return "asking"
        case "asking" | "advising" | "waiting" if row is None:
            return "listening"
        case "choosing" if not candidates and conversation.candidates:
            return "listening"
        case phase:
            return phase


def _is_known(book: Book, name: str, value: str) -> bool:
    if name not in book.facts:
        return False
    values = book.facts[name]
    return values is None or value in values


def _attempts(attempts: tuple[Attempt, ...], book: Book) -> tuple[Attempt, ...]:
    return tuple(
        one
        for one in attempts
        if one.remedy in book.remedies
        and (f"outcome_{one.outcome}" in book.phrases or one.outcome in book.remedies[one.remedy].outcome)
    )


def _report(report: Report | None, book: Book) -> Report | None:
    if report is None:
        return None
    findings = tuple(finding for finding in report.findings if finding.code in book.findings)
    headline = report.headline if report.headline in book.findings else None
    return report.model_copy(update={"findings": findings, "headline": headline})


def _earlier(earlier: Earlier, book: Book) -> Earlier:
    row = earlier.row if earlier.row in book.errors else None
    whole = without_gone(earlier.whole, book) if earlier.whole else None
    return earlier.model_copy(update={"row": row, "whole": whole})
