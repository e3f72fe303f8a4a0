"""The whole document: who approves what, a table of contents, the chapters."""

from collections.abc import Iterator
from html import escape

from knowledge.approval import rows
from knowledge.approval.page import Source, both, link, marked, table
from knowledge.approval.remedies import is_old, remedies, switches, title
from knowledge.approval.style import STYLE, page_rules

ONLY_THESE = (
    "ボットが利用者と担当者に伝えるのは、この資料にある文だけです。",
    "The bot tells employees and the helpdesk these texts and no others.",
)
VALUES = (
    "〔…〕には、そのつど値が入ります（ファイル名、名前、日付など）。日付・時刻・区切りの記号はプログラムが作ります。",
    "In place of 〔…〕 stands a value each time (a file, a name, a date). Dates, times and separators are "
    "made by the program.",
)
WHY_OFF = (
    "利用者が自分で行う対処のうち、社内の決まり・データ・管理者の権限に関わるものは、company.toml の "
    "employees_may に書くまで案内しません。代わりに、次の対処を案内するか、担当者が引き受けます。",
    "What employees would do themselves and touches the company’s rules, data or administrator rights is not "
    "offered until it stands in employees_may in company.toml. The next remedy or a person comes instead.",
)
TO_SIGN = (("氏名・役職", "Name, position"), ("日付", "Date"), ("署名", "Signature"), ("備考", "Remarks"))

HEAD = ("案内の承認資料", "What the bot can say, for approval")


def document(source: Source) -> str:
    """One HTML file with everything in it."""
    version = source.book.version
    return (
        '<!doctype html>\n<html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{HEAD[0]} ・ {HEAD[1]}</title><style>{STYLE}{page_rules(version)}</style></head><body>\n"
        + "\n".join(_parts(source))
        + "\n</body></html>\n"
    )


def _parts(source: Source) -> Iterator[str]:
    yield f'<header class="cover">{"".join(_cover(source))}</header>'
    yield f'<nav class="toc">{"".join(_contents(source))}</nav>'
    yield f"<main>{''.join(_chapters(source))}</main>"


def _cover(source: Source) -> Iterator[str]:
    book = source.book
    company = f" ・ {escape(book.company.name.ja)}" if book.company.name else ""
    yield f"<h1>{both(*HEAD)}</h1><p>Outlook の証明書エラー相談窓口{company}</p>"
    yield f"<p>{both(*ONLY_THESE)}</p><p>{both(*VALUES)}</p>"
    unconfirmed = sum(label.confirmed is None for label in book.labels.values())
    old = sum(is_old(remedy.reviewed, source.day) for remedy in book.remedies.values())
    off = sum(book.is_off(id_) for id_ in book.remedies)
    counted = (
        ("エラー", "errors", len(book.errors)),
        ("質問", "questions", sum(question.ask is not None for question in book.questions.values())),
        ("確認結果", "findings", len(book.findings)),
        ("対処", "remedies", len(book.remedies)),
        ("うち案内しない対処", "of these off", off),
        ("12 か月以上確認していない対処", "of these not reviewed for 12 months", old),
        ("文とボタン", "phrases and buttons", len(book.phrases)),
        ("メニューなどの表示", "labels", len(book.labels)),
        ("うち実機で未確認", "of these not confirmed on a PC", unconfirmed),
    )
    facts = [
        (both("印刷した日", "Printed on"), str(source.day)),
        (both("表の版", "Version of the tables"), f"<code>{book.version}</code>"),
        *((both(ja, en), str(count)) for ja, en, count in counted),
    ]
    yield table((), facts, "counts")
    yield f'<h2>{both("承認", "Approval")}</h2><div class="sign">'
    for name in TO_SIGN:
        yield f"<div>{both(*name)}</div>"
    yield "</div>"


CHAPTERS = (
    ("switched", "案内する・しない", "Switched on and off"),
    ("errors", "エラーと決め方", "Errors and decisions"),
    ("questions", "質問", "Questions"),
    ("remedies", "対処", "Remedies"),
    ("findings", "証明書ファイルの確認結果", "Findings"),
    ("phrases", "そのほかの文とボタン", "Phrases and buttons"),
    ("labels", "メニューなどの表示", "Labels"),
    ("company", "会社の登録", "The company’s entries"),
)


def _contents(source: Source) -> Iterator[str]:
    book = source.book
    inside = {
        "errors": [(f"error-{id_}", marked(row.title.ja)) for id_, row in book.errors.items()],
        "questions": [(f"question-{id_}", marked(row.name.ja)) for id_, row in book.questions.items()],
        "remedies": [(f"remedy-{id_}", title(source, id_, "ja")) for id_ in book.remedies],
        "findings": [(f"finding-{id_}", marked(row.name.ja)) for id_, row in book.findings.items()],
    }
    yield f"<h2>{both('目次', 'Contents')}</h2><ol>"
    for name, ja, en in CHAPTERS:
        below = "".join(f"<li>{link(to, label)}</li>" for to, label in inside.get(name, ()))
        yield f"<li>{link(name, both(ja, en))}{f'<ul>{below}</ul>' if below else ''}</li>"
    yield "</ol>"


def _chapters(source: Source) -> Iterator[str]:
    shown = {
        "switched": [f"<p>{both(*WHY_OFF)}</p>", switches(source), *_switched_off_rows(source)],
        "errors": rows.errors(source),
        "questions": rows.questions(source),
        "remedies": remedies(source),
        "findings": rows.findings(source),
        "phrases": rows.phrases(source),
        "labels": [rows.labels(source)],
        "company": [rows.company(source)],
    }
    for name, ja, en in CHAPTERS:
        yield f'<h2 id="{name}">{both(ja, en)}</h2>{"".join(shown[name])}'


def _switched_off_rows(source: Source) -> Iterator[str]:
    """Built-in rows that the company has taken out."""
    gone = [id_ for id_ in source.built_in.errors if id_ not in source.book.errors]
    gone += [id_ for id_ in source.built_in.remedies if id_ not in source.book.remedies]
    if gone:
        names = ", ".join(f"<code>{id_}</code>" for id_ in gone)
        yield f"<p>{both('会社が外した行', 'Rows that the company has taken out')}: {names}</p>"
