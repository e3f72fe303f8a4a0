"""Every reference between the tables checked, each fault a sentence that an IT engineer understands."""

from collections.abc import Iterator, Mapping

from knowledge.allowed import switch_faults
from knowledge.book import Book
from knowledge.rows import OUTLOOKS, Case, Words
from knowledge.words import BLANKS

# The defaults of the company's blanks; a phrase each.
DEFAULTS = (
    "company",
    "certificate_issuer",
    "renewal",
    "contact",
    "emergency",
    "hours",
    "web_mail",
    "provider_host",
)


def faults_of(book: Book) -> Iterator[str]:
    """Every fault in the book's references, cases and blanks; none if it can be used."""
    for id_, error in book.errors.items():
        where = f"errors.toml, [error.{id_}]"
        yield from _cases(book, f"{where} case", error.case)
        yield from _cases(book, f"{where} send_now", error.send_now)
        if error.whose and error.whose not in book.questions["whose"].option:
            yield f"{where} whose: “{error.whose}” is no option of the question whose."
        for field in ("title", "means", "line", "example", "causes"):
            yield from _blanks(book, f"{where} {field}", getattr(error, field), menus=False)
    yield from _questions(book)
    yield from _findings(book)
    yield from _remedies(book)
    yield from switch_faults(book.company, book.remedies)
    for name in DEFAULTS:
        if f"default_{name}" not in book.phrases:
            yield f"phrases.toml, [phrase.default_{name}]: missing; it serves where company.toml is silent."
    for id_, words in book.phrases.items():
        yield from _blanks(book, f"phrases.toml, [phrase.{id_}]", words)


def _cases(book: Book, where: str, cases: tuple[Case, ...]) -> Iterator[str]:
    for number, case in enumerate(cases, 1):
        here = f"{where} {number}"
        if case.do not in book.remedies:
            yield f"{here} do: there is no remedy “{case.do}”."
        if case.instead_of and case.instead_of not in book.remedies:
            yield f"{here} instead_of: there is no remedy “{case.instead_of}”."
        for fact, values in case.conditions().items():
            yield from _fact(book, here, fact, values)
        for fact in case.when:
            question = book.questions.get(fact)
            if question is None or question.ask is None:
                yield f"{here} when: “{fact}” has no question to ask people; use known, or give it ask."
    for number, case in enumerate(cases, 1):
        for earlier, above in enumerate(cases[: number - 1], 1):
            if above.do == case.do and above.instead_of in (None, case.instead_of) and _implied(above, case):
                yield f"{where} {number}: never reached: case {earlier} advises “{above.do}” before it."
                break


def _implied(above: Case, below: Case) -> bool:
    """Whether `above` holds whenever `below` does."""
    given = below.conditions()
    return all(
        fact in given and set(given[fact]) <= set(values) for fact, values in above.conditions().items()
    )


def _fact(book: Book, where: str, fact: str, values: tuple[str, ...]) -> Iterator[str]:
    if fact not in book.facts:
        yield f"{where}: there is no fact “{fact}”. Facts are the questions and the findings."
        return
    known = book.facts[fact]
    if known is None:
        yield f"{where}: “{fact}” is a text; a case can only compare options."
        return
    for value in values:
        if value not in known:
            yield f"{where} {fact}: “{value}” is none of its values ({', '.join(sorted(known))})."


def _sets(book: Book, where: str, sets: Mapping[str, str]) -> Iterator[str]:
    for fact, value in sets.items():
        yield from _fact(book, where, fact, (value,))


def _questions(book: Book) -> Iterator[str]:
    for id_, question in book.questions.items():
        where = f"questions.toml, [question.{id_}]"
        if id_ in book.findings:
            yield f"{where}: is a finding too; a finding's fact needs no question of its own."
        if question.typed and (
            question.typed not in book.questions or not book.questions[question.typed].text
        ):
            yield f"{where} typed: “{question.typed}” is no fact with text = true."
        for option, row in question.option.items():
            yield from _sets(book, f"{where} option.{option}.sets", row.sets)
        for field in ("name", "ask", "how"):
            if words := getattr(question, field):
                yield from _blanks(book, f"{where} {field}", words)


def _findings(book: Book) -> Iterator[str]:
    for id_, finding in book.findings.items():
        where = f"findings.toml, [finding.{id_}]"
        if finding.row and finding.row not in book.errors:
            yield f"{where} row: there is no error “{finding.row}”."
        for field in ("name", "headline", "detail"):
            yield from _blanks(book, f"{where} {field}", getattr(finding, field), menus=False)


def _remedies(book: Book) -> Iterator[str]:
    used = {case.do for error in book.errors.values() for case in (*error.case, *error.send_now)}
    for id_, remedy in book.remedies.items():
        where = f"remedies.toml, [remedy.{id_}]"
        if id_ not in used:
            yield f"{where}: no case leads to it."
        for name, outcome in remedy.outcome.items():
            yield from _sets(book, f"{where} outcome.{name}.sets", outcome.sets)
            if outcome.says:
                yield from _blanks(book, f"{where} outcome.{name}.says", outcome.says)
        for field in ("title", "note", "after", "next"):
            # What IT does stands on the card, where the labels are those of classic Outlook.
            kinds: tuple[str, ...] = tuple(kind for kind in OUTLOOKS if remedy.steps(kind))
            if words := getattr(remedy, field):
                here = ("classic",) if field == "next" else kinds
                yield from _blanks(book, f"{where} {field}", words, outlooks=here)
        for number, step in enumerate(remedy.step, 1):
            for words in (step, step.warning):
                if words:
                    yield from _blanks(book, f"{where} step {number}", words, outlooks=step.only)


def _blanks(
    book: Book, where: str, words: Words, *, menus: bool = True, outlooks: tuple[str, ...] = ("classic",)
) -> Iterator[str]:
    for blank in sorted(words.blanks("ja")):
        if blank.startswith("menu."):
            label = book.labels.get(blank.removeprefix("menu."))
            if not menus or label is None:
                yield f"{where}: there is no label “{blank}” in labels.toml."
                continue
            for outlook in OUTLOOKS:
                if outlook in outlooks and label.on(outlook) is None:
                    yield f"{where}: labels.toml has no “{blank}” for {outlook}; add it, or use only."
        elif blank not in BLANKS:
            yield f"{where}: nothing fills the blank {{{blank}}}."
