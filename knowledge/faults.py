"""Every reference between the tables checked, each fault a sentence that an IT engineer understands."""

from collections.abc import Iterator, Mapping

from knowledge.allowed import NEEDS_LEAVE
from knowledge.book import Book
from knowledge.misshapen import SETTINGS
from knowledge.rows import OUTLOOKS, Case, Words
from knowledge.sources import Sources
from knowledge.suggestion import meant
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


def faults_of(book: Book, sources: Sources) -> Iterator[str]:
    """Every fault in the book's references, cases and blanks; none if it can be used."""
    for id_, error in book.errors.items():
        where = sources.row("error", id_)
        yield from _cases(book, sources, f"{where} case", error.case)
        yield from _cases(book, sources, f"{where} send_now", error.send_now)
        if error.whose and error.whose not in (whose := book.questions["whose"].option):
            near = meant(error.whose, whose) or f" They are {', '.join(whose)}."
            yield f"{where} whose: “{error.whose}” is no answer to the question whose.{near}"
        for field in ("title", "means", "line", "example", "causes"):
            yield from _blanks(book, f"{where} {field}", getattr(error, field), menus=False)
    yield from _questions(book, sources)
    yield from _findings(book, sources)
    yield from _remedies(book, sources)
    for name in DEFAULTS:
        if f"default_{name}" not in book.phrases:
            where = sources.row("phrase", f"default_{name}")
            yield f"{where}: missing; it serves where company.toml is silent."
    for id_, words in book.phrases.items():
        yield from _blanks(book, sources.row("phrase", id_), words)


def company_faults(book: Book, sources: Sources) -> Iterator[str]:
    """What company.toml names that is not there, or that is not its to say."""
    where, company = sources.company("company.toml"), book.company
    for name in sorted(company.model_fields_set & set(SETTINGS)):
        yield f"{where}, {name}: is not read here; it is a setting (see README, Settings)."
    for field in ("employees_may", "never"):
        for remedy in getattr(company, field):
            if remedy not in book.remedies and not sources.may_exist("remedy", remedy):
                yield f"{where}, {field}: there is no remedy “{remedy}”.{meant(remedy, book.remedies)}"
            elif field == "employees_may" and remedy in company.never:
                yield f"{where}, {field}: “{remedy}” stands in never, too. Take it out of one of the two."
            elif field == "employees_may" and (row := book.remedies.get(remedy)):
                if not row.step:
                    yield f"{where}, {field}: “{remedy}” has no steps, so that employees could not do it."
                elif row.who == "user" and row.risk not in NEEDS_LEAVE:
                    yield (
                        f"{where}, {field}: “{remedy}” needs no switching on (risk {row.risk}). Take it out."
                    )


def _cases(book: Book, sources: Sources, where: str, cases: tuple[Case, ...]) -> Iterator[str]:
    for number, case in enumerate(cases, 1):
        here = f"{where} {number}"
        if case.do not in book.remedies and not sources.may_exist("remedy", case.do):
            yield f"{here} do: there is no remedy “{case.do}”.{meant(case.do, book.remedies)}"
        if case.instead_of and case.instead_of not in book.remedies:
            near = meant(case.instead_of, book.remedies)
            yield f"{here} instead_of: there is no remedy “{case.instead_of}”.{near}"
        for fact, values in case.conditions().items():
            yield from _fact(book, sources, here, fact, values)
        for fact in case.when:
            question = book.questions.get(fact)
            if fact in book.facts and (question is None or question.ask is None):
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


def _fact(book: Book, sources: Sources, where: str, fact: str, values: tuple[str, ...]) -> Iterator[str]:
    if fact not in book.facts:
        if not any(sources.may_exist(kind, fact) for kind in ("question", "finding")):
            near = meant(fact, book.facts) or " Facts are the questions and the findings."
            yield f"{where}: there is no fact “{fact}”.{near}"
        return
    known = book.facts[fact]
    if known is None:
        yield f"{where}: “{fact}” is a text; a case can only compare options."
        return
    for value in values:
        if value not in known and not sources.may_exist("question", fact):
            yield f"{where} {fact}: “{value}” is none of its values ({', '.join(sorted(known))})."


def _sets(book: Book, sources: Sources, where: str, sets: Mapping[str, str]) -> Iterator[str]:
    for fact, value in sets.items():
        yield from _fact(book, sources, where, fact, (value,))


def _questions(book: Book, sources: Sources) -> Iterator[str]:
    for id_, question in book.questions.items():
        where = sources.row("question", id_)
        if id_ in book.findings:
            yield f"{where}: is a finding too; a finding's fact needs no question of its own."
        if question.typed and (
            question.typed not in book.questions or not book.questions[question.typed].text
        ):
            yield f"{where} typed: “{question.typed}” is no fact with text = true."
        for option, row in question.option.items():
            yield from _sets(book, sources, f"{where} option.{option}.sets", row.sets)
            if id_ == "whose" and f"whose_{option}" not in book.phrases:
                yield f"{where} option.{option}: needs words for the title, [phrase.whose_{option}]."
        for field in ("name", "ask", "how"):
            if words := getattr(question, field):
                yield from _blanks(book, f"{where} {field}", words)


def _findings(book: Book, sources: Sources) -> Iterator[str]:
    for id_, finding in book.findings.items():
        where = sources.row("finding", id_)
        known = {**book.errors, **book.off}
        if finding.row and finding.row not in known and not sources.may_exist("error", finding.row):
            yield f"{where} row: there is no error “{finding.row}”.{meant(finding.row, known)}"
        for field in ("name", "headline", "detail"):
            yield from _blanks(book, f"{where} {field}", getattr(finding, field), menus=False)


def _remedies(book: Book, sources: Sources) -> Iterator[str]:
    errors = [*book.errors.values(), *book.off.values()]
    used = {case.do for error in errors for case in (*error.case, *error.send_now)}
    for id_, remedy in book.remedies.items():
        where = sources.row("remedy", id_)
        # A company may give a row other cases: then a built-in remedy may be of no use to it.
        is_theirs = sources.is_own("remedy", id_) or not sources.own
        if id_ not in used and is_theirs and not sources.may_exist("error", ""):
            yield f"{where}: no case leads to it."
        for name, outcome in remedy.outcome.items():
            yield from _sets(book, sources, f"{where} outcome.{name}.sets", outcome.sets)
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
            if label is None:
                near = meant(blank.removeprefix("menu."), book.labels)
                yield f"{where}: there is no label “{blank}” in labels.toml.{near}"
                continue
            if not menus:
                yield f"{where}: {{{blank}}} cannot stand here; menus are named in remedies alone."
                continue
            for outlook in OUTLOOKS:
                if outlook in outlooks and label.on(outlook) is None:
                    yield f"{where}: labels.toml has no “{blank}” for {outlook}; add it, or use only."
        elif blank not in BLANKS:
            yield f"{where}: nothing fills the blank {{{blank}}}.{meant(blank, BLANKS)}"
