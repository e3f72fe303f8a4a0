"""Without a command: what the tables hold, once they are in order."""

from argparse import Namespace

from knowledge.allowed import NEEDS_LEAVE
from knowledge.book import Book
from knowledge.translations import fallback_lines


def run(book: Book, given: Namespace) -> int:
    """Print the summary, and what is probably not meant so; the tables were read and have no fault."""
    print(summary(book))
    for remark in given.remarks:
        print(f"warning: {remark}")
    return 0


def summary(book: Book) -> str:
    """How many rows of each kind there are, and what is still to be confirmed or translated."""
    cases = sum(len(error.case) for error in book.errors.values())
    unconfirmed = [id_ for id_, label in book.labels.items() if label.confirmed is None]
    lines = [
        f"The tables are in order: {len(book.errors)} errors with {cases} cases, "
        f"{len(book.questions)} questions, {len(book.findings)} findings, {len(book.remedies)} remedies, "
        f"{len(book.labels)} labels, {len(book.phrases)} phrases.",
    ]
    if book.off:
        lines.append(f"Errors switched off: {', '.join(book.off)}.")
    if book.company.never:
        lines.append(f"Remedies never offered: {', '.join(book.company.never)}.")
    if switched_on := [id_ for id_ in book.company.employees_may if book.remedies[id_].risk in NEEDS_LEAVE]:
        lines.append(f"Remedies with a risk that are switched on: {', '.join(switched_on)}.")
    if unconfirmed:
        lines.append(f"Labels not yet confirmed on a real PC ({len(unconfirmed)}): {', '.join(unconfirmed)}")
    return "\n".join([*lines, *fallback_lines(book)])
