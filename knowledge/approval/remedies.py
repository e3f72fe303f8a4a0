"""The chapters on remedies: what is switched on and off, and each with its steps."""

from collections.abc import Iterator
from datetime import date

from knowledge.allowed import NEEDS_LEAVE
from knowledge.approval.page import Source, badge, badge_changed, both, link, origin, pair, table
from knowledge.approval.words import DOERS, KINDS, RISKS, kinds_text
from knowledge.rows import OUTLOOKS, Outlook, Remedy, Words

REVIEW_AFTER_MONTHS = 12


def state(source: Source, id_: str) -> tuple[str, str, str]:
    """Whether it is offered and why, in both languages, and the kind of its badge."""
    company, book = source.book.company, source.book
    if id_ in company.never:
        return "案内しない（会社の登録: never）", "off (company.toml: never)", "off"
    if book.is_off(id_):
        return "案内しない（許可されるまで）", "off until switched on", "off"
    if id_ in company.employees_may:
        return "案内する（会社の登録: employees_may）", "on (company.toml: employees_may)", "on"
    row = book.remedies[id_]
    if book.who(id_) == "it" and row.waits:
        return "利用者が申請し、担当者が行う", "the employee applies, IT does it", "it"
    if book.who(id_) == "it" and row.step:
        return "担当者が行う（許可すれば利用者も）", "IT does it (employees, once allowed)", "it"
    if book.who(id_) == "it":
        return "担当者が行う", "IT does it", "it"
    return "案内する", "on", "on"


def is_old(reviewed: date, day: date) -> bool:
    """Whether the last review was more than twelve months before this day."""
    return (day.year - reviewed.year) * 12 + day.month - reviewed.month - (day.day < reviewed.day) >= (
        REVIEW_AFTER_MONTHS
    )


def title(source: Source, id_: str, language: str) -> str:
    """The remedy's title, not as something that is said."""
    words = source.book.remedies[id_].title
    return source.said(words, "ja" if language == "ja" else "en", first_kind(source.book.remedies[id_]))


def titles(source: Source, id_: str) -> str:
    """The title in both languages, leading to the remedy."""
    ja, en = title(source, id_, "ja"), title(source, id_, "en")
    return link(f"remedy-{id_}", f'<span lang="ja">{ja}</span> <span lang="en" class="en">{en}</span>')


def first_kind(remedy: Remedy) -> Outlook:
    """The kind of Outlook in whose words it is shown first."""
    return next((kind for kind in OUTLOOKS if remedy.steps(kind)), "classic")


def switches(source: Source) -> str:
    """What the company has to decide: every remedy with a risk, and what it has decided already."""
    company = source.book.company
    listed = [
        id_
        for id_, remedy in source.book.remedies.items()
        if remedy.risk in NEEDS_LEAVE or id_ in company.never or id_ in company.employees_may
    ]
    rows = (
        (
            titles(source, id_),
            both(*RISKS[source.book.remedies[id_].risk]),
            both(*DOERS[source.book.who(id_)]),
            badge(*state(source, id_)),
        )
        for id_ in listed
    )
    heads = (("対処", "remedy"), ("危険", "risk"), ("行う人", "who"), ("状態", "state"))
    return table(heads, rows, "switches")


def remedies(source: Source) -> Iterator[str]:
    """Every remedy."""
    for id_, remedy in source.book.remedies.items():
        yield f'<section class="remedy" id="remedy-{id_}">{"".join(_remedy(source, id_, remedy))}</section>'


def _remedy(source: Source, id_: str, remedy: Remedy) -> Iterator[str]:
    def changed(*fields: str) -> bool:
        return source.is_changed("remedies", id_, *fields)

    yield f'<h3><span lang="ja">{title(source, id_, "ja")}</span> <code>{id_}</code></h3>'
    yield f'<p class="badges">{"".join(_badges(source, id_, remedy))}</p>'
    yield from _each(source, remedy, remedy.title, ("題名", "Title"), changed("title"))
    if remedy.note:
        yield from _each(source, remedy, remedy.note, ("注記", "Note"), changed("note"))
    for kinds in _kinds(source, remedy):
        yield f"<h4>{both('手順: ' + kinds_text(kinds, 'ja'), 'Steps: ' + kinds_text(kinds, 'en'))}</h4>"
        yield "<ol>"
        for step in remedy.steps(kinds[0]):
            words = pair(
                source, step, outlook=kinds[0], changed=changed("step") and _is_new(source, id_, step)
            )
            warning = (
                pair(source, step.warning, name=("⚠ 注意", "⚠ Warning"), outlook=kinds[0])
                if step.warning
                else ""
            )
            yield f"<li>{words}{warning}</li>"
        yield "</ol>"
    for name, outcome in remedy.outcome.items():
        yield pair(
            source, outcome, name=("結果のボタン", "Button: outcome"), changed=changed("outcome", name)
        )
        if outcome.says:
            yield pair(source, outcome.says, name=("そのあと", "Then said"))
    if remedy.after:
        yield from _each(source, remedy, remedy.after, ("直ったあと", "Once it helped"), changed("after"))
    if remedy.next:
        yield pair(
            source, remedy.next, name=("担当者の次の一手", "IT’s next action"), changed=changed("next")
        )
    yield f'<p class="origin">{both("出典", "Source")}: {origin(remedy.source)}</p>'


def _each(
    source: Source, remedy: Remedy, words: Words, name: tuple[str, str], changed: bool
) -> Iterator[str]:
    """The text as it reads for the first kind of Outlook, and for the others where they differ."""
    seen: set[str] = set()
    for kind in OUTLOOKS:
        if kind != first_kind(remedy) and not remedy.steps(kind):
            continue
        shown = source.said(words, "ja", kind) + source.said(words, "en", kind)
        if shown not in seen:
            here = (f"{name[0]}（{KINDS[kind][0]}）", f"{name[1]} ({KINDS[kind][1]})") if seen else name
            yield pair(source, words, name=here, changed=changed, outlook=kind)
        seen.add(shown)


def _is_new(source: Source, id_: str, step: object) -> bool:
    built_in = source.built_in.remedies.get(id_)
    return built_in is None or step not in built_in.step


def _badges(source: Source, id_: str, remedy: Remedy) -> Iterator[str]:
    yield badge(*state(source, id_))
    doer = DOERS[source.book.who(id_)]
    yield badge(f"行う人: {doer[0]}", f"by {doer[1]}")
    risk = RISKS[remedy.risk]
    yield badge(f"危険: {risk[0]}", f"risk: {risk[1]}", "risk" if remedy.risk in NEEDS_LEAVE else "")
    if remedy.minutes:
        yield badge(f"約 {remedy.minutes} 分", f"about {remedy.minutes} min")
    if remedy.waits:
        yield badge("何日かかかる", "takes days")
    old = is_old(remedy.reviewed, source.day)
    yield badge(f"確認日 {remedy.reviewed}", f"reviewed {remedy.reviewed}", "old" if old else "")
    if old:
        yield badge("12 か月を過ぎています。確認し直してください", "older than 12 months: review it", "old")
    yield badge_changed(id_ not in source.built_in.remedies)


def _kinds(source: Source, remedy: Remedy) -> Iterator[tuple[Outlook, ...]]:
    """The kinds of Outlook whose steps read the same, classic first."""
    found: dict[tuple[str, ...], list[Outlook]] = {}
    for kind in OUTLOOKS:
        steps = remedy.steps(kind)
        if steps:
            shown = tuple(source.said(step, "ja", kind) + source.said(step, "en", kind) for step in steps)
            found.setdefault(shown, []).append(kind)
    yield from (tuple(kinds) for kinds in found.values())
