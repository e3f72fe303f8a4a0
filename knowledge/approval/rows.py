"""The chapters on errors, questions, findings, phrases, labels and the company's entries."""

from collections.abc import Iterator, Mapping
from html import escape

from knowledge.approval.page import Source, badge, badge_changed, both, link, marked, origin, pair, table
from knowledge.approval.remedies import state, titles
from knowledge.approval.words import GROUPS, KINDS, RISKS
from knowledge.rows import OUTLOOKS, UNKNOWN, Case, Error, Words

DECIDED = (
    "どう決めるか（上から順に、当てはまる最初のもの）",
    "How it is decided (from the top, the first that fits)",
)
ASKED = (
    "「聞く」の印がないことは聞かず、分かっているときだけ見ます。",
    "What is not marked as asked is never asked, and only used if it is known.",
)
ELSE = ("どれにも当てはまらなければ、担当者が引き受けます。", "If none fits, a person takes over.")


def errors(source: Source) -> Iterator[str]:
    """Every row: what it says, and its decision table in words."""
    for id_, error in source.book.errors.items():
        yield f'<section class="error" id="error-{id_}">{"".join(_error(source, id_, error))}</section>'


def _error(source: Source, id_: str, error: Error) -> Iterator[str]:
    new = badge_changed(id_ not in source.built_in.errors)
    yield f'<h3><span lang="ja">{marked(error.title.ja)}</span> <code>{id_}</code> {new}</h3>'
    fields = {
        "title": ("題名", "Title"),
        "means": ("意味", "Meaning"),
        "line": ("候補のボタン", "Button among candidates"),
        "example": ("表示の例", "Example"),
        "causes": ("主な原因", "Usual causes"),
    }
    for field, name in fields.items():
        yield pair(source, getattr(error, field), name=name, changed=source.is_changed("errors", id_, field))
    changed = badge_changed(source.is_changed("errors", id_, "case"))
    yield f'<h4>{both(*DECIDED)} {changed}</h4><p class="origin">{both(*ASKED)}</p>'
    yield _cases(source, error.case)
    yield f"<h4>{both('［急ぎで送る］', '[Send this mail now]')}</h4>"
    if error.send_now:
        yield _cases(source, error.send_now)
    yield f"<p>{both(*ELSE)}</p>"


def _cases(source: Source, cases: tuple[Case, ...]) -> str:
    heads = (
        ("", ""),
        ("分かっていること・聞くこと", "Known, or asked"),
        ("対処", "Remedy"),
        ("状態", "State"),
    )
    rows = (
        (
            str(number),
            "".join(_conditions(source, case)) or both("いつでも", "always"),
            titles(source, case.do),
            _marks(source, case),
        )
        for number, case in enumerate(cases, 1)
    )
    return table(heads, rows, "cases")


def _marks(source: Source, case: Case) -> str:
    ja, en, kind = state(source, case.do)
    risk = source.book.remedies[case.do].risk
    risky = badge(*RISKS[risk], "risk") if risk in ("policy", "data", "admin") else ""
    return (badge(ja, en, kind) if kind != "on" else "") + risky


def _conditions(source: Source, case: Case) -> Iterator[str]:
    for facts, how in ((case.known, ""), (case.when, badge("聞く", "asked", "how"))):
        for fact, values in facts.items():
            name = _fact(source, fact)
            options = [_value(source, fact, value) for value in values]
            ja = f"{name.ja} = {'／'.join(option[0] for option in options)}"
            en = f"{name.en} = {' / '.join(option[1] for option in options)}"
            shown = both(ja, en)
            if fact in source.book.questions and source.book.questions[fact].ask:
                shown = link(f"question-{fact}", shown)
            yield f'<div class="condition">{shown} {how}</div>'
    if case.instead_of:
        where = both("次の対処が案内されないとき:", "Where this is off:")
        yield f'<div class="condition">{where} {titles(source, case.instead_of)}</div>'


def _fact(source: Source, fact: str) -> Words:
    book = source.book
    return book.findings[fact].name if fact in book.findings else book.questions[fact].name


def _value(source: Source, fact: str, value: str) -> tuple[str, str]:
    if value == UNKNOWN:
        return "わからない", "I don't know"
    if whose := source.book.phrases.get(f"card_whose_{value}") if fact == "whose" else None:
        return whose.ja, whose.en  # the option's own words are those of the error window's buttons
    question = source.book.questions.get(fact)
    option = question.option.get(value) if question else None
    if option:
        return option.ja, option.en
    return {"yes": ("はい", "yes"), "no": ("いいえ", "no")}.get(value, (value, value))


def questions(source: Source) -> Iterator[str]:
    """Every fact: its name, and how people are asked, if they ever are."""
    for id_, question in source.book.questions.items():

        def changed(*fields: str, id_: str = id_) -> bool:
            return source.is_changed("questions", id_, *fields)

        parts = [f'<h3><span lang="ja">{marked(question.name.ja)}</span> <code>{id_}</code></h3>']
        if question.ask is None:
            parts.append(f'<p class="origin">{both("聞かれることはありません。", "Never asked.")}</p>')
        parts.append(pair(source, question.name, name=("名前", "Name"), changed=changed("name")))
        if question.ask:
            parts.append(pair(source, question.ask, name=("質問", "Question"), changed=changed("ask")))
        if question.how:
            parts.append(
                pair(source, question.how, name=("確かめ方", "How to find out"), changed=changed("how"))
            )
        for option, words in question.option.items():
            parts.append(
                pair(source, words, name=("答え", "Answer"), changed=changed("option", option), id_=option)
            )
        yield f'<section class="question" id="question-{id_}">{"".join(parts)}</section>'


def findings(source: Source) -> Iterator[str]:
    """What a checked certificate file is said to show."""
    names = {"name": ("名前", "Name"), "headline": ("見出し", "Headline"), "detail": ("説明", "Detail")}
    for id_, finding in source.book.findings.items():
        parts = [f'<h3><span lang="ja">{marked(finding.name.ja)}</span> <code>{id_}</code></h3>']
        parts += [
            pair(
                source, getattr(finding, field), name=name, changed=source.is_changed("findings", id_, field)
            )
            for field, name in names.items()
        ]
        yield f'<section class="finding" id="finding-{id_}">{"".join(parts)}</section>'


def grouped(phrases: Mapping[str, Words]) -> dict[tuple[str, str], list[str]]:
    """The phrases' ids by group, the talk first."""
    out: dict[tuple[str, str], list[str]] = {GROUPS[-1][1]: []}
    for id_ in phrases:
        group = next(name for begins, name in GROUPS if id_.startswith(begins))
        out.setdefault(group, []).append(id_)
    return out


def phrases(source: Source) -> Iterator[str]:
    """The bot's own sentences and buttons."""
    for group, ids in grouped(source.book.phrases).items():
        shown = "".join(
            pair(source, source.book.phrases[id_], changed=source.is_changed("phrases", id_), id_=id_)
            for id_ in ids
        )
        yield f"<section><h3>{both(*group)}</h3>{shown}</section>"


def labels(source: Source) -> str:
    """Menus, buttons and fields as Windows and Outlook show them."""
    heads = (
        ("名前", "id"),
        ("表示", "label"),
        ("Outlook", ""),
        ("実機での確認", "confirmed"),
        ("出典", "source"),
    )
    rows = []
    for id_, label in source.book.labels.items():
        shown: dict[tuple[str, str], list[str]] = {}
        for outlook in OUTLOOKS:
            if words := label.on(outlook):
                shown.setdefault((words.ja, words.en), []).append(KINDS[outlook][0])
        sure = str(label.confirmed) if label.confirmed else badge("未確認", "not confirmed", "old")
        for (ja, en), kinds in shown.items():
            all_of_them = len(kinds) == len(OUTLOOKS)
            rows.append(
                (
                    f"<code>{id_}</code>",
                    f'<span class="label" lang="ja">{escape(ja)}</span> '
                    f'<span class="label en" lang="en">{escape(en)}</span>',
                    both("どれでも", "any") if all_of_them else escape("・".join(kinds)),
                    sure + badge_changed(source.is_changed("labels", id_)),
                    origin(label.source),
                )
            )
    return table(heads, rows, "labels")


def company(source: Source) -> str:
    """What company.toml says, and what it does not."""
    given = source.book.company.model_dump(mode="json")
    ours = (
        ("name", "会社名", "Name"),
        ("mail_system", "メールの仕組み", "Mail system"),
        ("mail_servers", "正しいサーバー名", "Server names"),
        ("own_domains", "自社のドメイン", "Own domains"),
        ("outlook", "標準の Outlook", "Standard Outlook"),
        ("signing", "署名の要否", "Signing"),
        ("certificate_issuer", "証明書の発行窓口", "Who issues certificates"),
        ("renewal", "更新先", "Where to renew"),
        ("inspection_products", "通信を検査する製品", "Inspection products"),
        ("web_mail", "Web 版", "Web version"),
        ("helpdesk", "担当者の連絡先", "Helpdesk"),
        ("emergency", "緊急の連絡先", "Emergency"),
        ("hours", "受付時間", "Hours"),
        ("employees_may", "利用者に許可した対処", "Employees may"),
        ("never", "案内しない対処", "Never offered"),
    )
    rows = ((f"{both(ja, en)}<br><code>{name}</code>", _entry(given[name])) for name, ja, en in ours)
    return table((("登録", "Entry"), ("内容", "Value")), rows, "company")


def _entry(value: object) -> str:
    if not value:
        return badge("登録なし", "not given", "old")
    if isinstance(value, dict):
        return " ".join(
            f'<span lang="{name}">{escape(str(text))}</span><br>' for name, text in value.items() if text
        )
    return escape(", ".join(map(str, value)) if isinstance(value, list) else str(value))
