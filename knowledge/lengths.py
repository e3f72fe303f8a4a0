"""Texts that are longer than their place: Slack refuses them, or nobody reads them."""

from collections.abc import Iterator

from knowledge.book import Book
from knowledge.rows import LANGUAGES, OUTLOOKS, Outlook, Remedy, Words
from knowledge.sources import Sources
from knowledge.words import fill, label_text

ON_A_BUTTON = 75
"""Characters that Slack lets stand on a button."""

IN_A_STEP = 60
"""Japanese characters of a step as it is shown: two lines on a phone."""


STEPS = 6
"""So many steps can be kept in mind."""


def too_long(book: Book, sources: Sources) -> Iterator[str]:
    """Every title, button and step that is too long, with how long it is."""
    for id_, error in book.errors.items():
        where = sources.row("error", id_)
        yield from _at_most(f"{where} title", error.title, "a title")
        yield from _at_most(f"{where} line", error.line, "a button")
    for id_, question in book.questions.items():
        where = sources.row("question", id_)
        for name, option in question.option.items():
            yield from _at_most(f"{where} option.{name}", option, "a button")
    for id_, remedy in book.remedies.items():
        where = sources.row("remedy", id_)
        yield from _at_most(f"{where} title", remedy.title, "a title")
        for name, outcome in remedy.outcome.items():
            yield from _at_most(f"{where} outcome.{name}", outcome, "a button")
        most = max(OUTLOOKS, key=lambda outlook: len(remedy.steps(outlook)))
        if len(remedy.steps(most)) > STEPS:
            count = len(remedy.steps(most))
            yield f"{where} step: at most {STEPS} steps; for {most} Outlook there are {count}."
        yield from _steps(book, where, remedy)
    for id_, words in book.phrases.items():
        if id_.startswith("button_"):
            yield from _at_most(sources.row("phrase", id_), words, "a button")


def _at_most(where: str, words: Words, what: str) -> Iterator[str]:
    for language in LANGUAGES:
        length = len(words[language])
        if length > ON_A_BUTTON:
            yield f"{where} {language}: is too long for {what}: {length} characters, at most {ON_A_BUTTON}."


def _steps(book: Book, where: str, remedy: Remedy) -> Iterator[str]:
    for number, step in enumerate(remedy.step, 1):
        lengths = [len(_shown(book, step, outlook)) for outlook in step.only]
        if max(lengths, default=0) > IN_A_STEP:
            yield (
                f"{where} step {number} ja: is too long: {max(lengths)} characters as shown, at most "
                f"{IN_A_STEP}. Make two steps of it, or put the rest into warning."
            )


def _shown(book: Book, step: Words, outlook: Outlook) -> str:
    """The Japanese text with its labels; what else fills a blank does not count, nor does a missing label."""
    values = dict.fromkeys(step.blanks("ja"), "")
    for blank in values:
        label = book.labels.get(blank.removeprefix("menu."))
        if blank.startswith("menu.") and label and label.on(outlook):
            values[blank] = label_text(label, outlook, "ja")
    return fill(step.ja, values).replace("*", "")
