"""The helpdesk's tables: faults, labels nobody saw, old reviews, and what the company could still answer.

Pure: facts -> results.
"""

from collections.abc import Iterable
from datetime import date

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.facts import Facts, have
from knowledge.book import Book
from knowledge.savings import SAYS, Saving, needs_a_name, said_instead

REVIEWED_WITHIN = 365  # days
NAMED = 8
"""So many labels are named; more would hide what else is said, and `python -m knowledge` lists them."""


def _book(facts: Facts) -> Book | None:
    return have(facts.knowledge).book


def tables(facts: Facts) -> Iterable[Result]:
    """The tables can be used."""
    found = have(facts.knowledge)
    if found.faults:
        lines = "\n".join(found.faults)
        count = len(found.faults)
        yield fault(
            f"{count} 件の誤りがあり、ボットは起動しません\n{lines}",
            f"{count} faults, with which the bot does not start\n{lines}",
            Said(
                "その行を直し、python -m knowledge でもう一度確かめてください",
                "Mend these lines; python -m knowledge looks at them again",
            ),
        )
    elif found.book:
        rows, remedies = len(found.book.errors), len(found.book.remedies)
        version = found.book.version
        yield ok(
            f"エラー {rows}、対処 {remedies}、版 {version}",
            f"{rows} errors, {remedies} remedies, version {version}",
        )


def own_tables(facts: Facts) -> Iterable[Result]:
    """The company's own tables are named."""
    folder = have(facts.configuration).knowledge_dir
    if folder:
        yield ok(folder, folder)
    elif have(facts.knowledge).is_example:
        yield note("見本の会社の表を使います", "the example company's are used", _OWN)
    else:
        yield note(
            "ありません。会社のことを何も知りません", "there are none: nothing is known of the company", _OWN
        )


_OWN = Said(
    "python -m knowledge template > company.toml でひな形を作って書き込み、"
    "そのフォルダーを KNOWLEDGE_DIR に入れてください",
    "Begin with python -m knowledge template > company.toml, fill it in, and set KNOWLEDGE_DIR to its folder",
)


def labels(facts: Facts) -> Iterable[Result]:
    """Every menu label was seen on a real PC."""
    if not (book := _book(facts)):
        return
    unseen = sorted(id_ for id_, label in book.labels.items() if label.confirmed is None)
    if unseen:
        most = len(book.labels)
        names, where = f": {', '.join(unseen)}", ("", "")
        if len(unseen) > NAMED:
            names = ""
            where = ("。一覧は python -m knowledge で見られます", "; python -m knowledge lists them")
        yield note(
            f"{most} 個中 {len(unseen)} 個がまだです{names}{where[0]}",
            f"{len(unseen)} of {most} not yet{names}{where[1]}",
            Said(
                "会社の PC で画面を開き、合っていたら KNOWLEDGE_DIR の labels.toml に "
                "confirmed = 日付 を書いてください",
                "Open each on one of the company's PCs; where it is so, write confirmed = date into "
                "KNOWLEDGE_DIR/labels.toml",
            ),
        )
    else:
        yield ok(f"{len(book.labels)} 個すべて", f"all {len(book.labels)}")


def reviews(facts: Facts) -> Iterable[Result]:
    """Every remedy was compared with its source within twelve months."""
    if not (book := _book(facts)):
        return
    today: date = facts.at.date()
    old = sorted(
        id_ for id_, remedy in book.remedies.items() if (today - remedy.reviewed).days > REVIEWED_WITHIN
    )
    if old:
        names = ", ".join(old)
        yield warning(
            f"12 か月を過ぎたもの {len(old)} 件: {names}",
            f"{len(old)} older than twelve months: {names}",
            Said(
                "対処の source と見くらべ、remedies.toml の reviewed を今日の日付にしてください",
                "Compare each with its source, then set reviewed in remedies.toml to today",
            ),
        )
    else:
        oldest = min((remedy.reviewed for remedy in book.remedies.values()), default=today)
        yield ok(f"いちばん古いもので {oldest}", f"the oldest is of {oldest}")


def entries(facts: Facts) -> Iterable[Result]:
    """What the company has not answered once for everybody, and what each answer would save."""
    found = have(facts.knowledge)
    if found.book is None:
        return
    for entry, savings in found.savings.items():
        ja = [saved for one in savings if (saved := _saved_ja(found.book, entry, one))]
        en = [saved for one in savings if (saved := _saved_en(found.book, entry, one))]
        if entry == "outlook":
            ja.append("質問は減りません。登録がないと、手順が別の Outlook の画面名を言うことがあります")
            en.append("saves no question, but steps may name another Outlook's menus")
        elif not ja and entry in SAYS:
            ja.append("いまの表では、質問は減りません")
            en.append("saves no question with these tables")
        if words := said_instead(found.book, entry):
            ja.append(f"いまは「{words.ja}」と出ます")
            en.append(f"people read “{words.en}”")
        yield note("。".join(ja), "; ".join(en), _ENTRY, about=entry)
    if not found.savings:
        yield ok("すべて登録されています", "all are there")


_ENTRY = Said("KNOWLEDGE_DIR の company.toml に書いてください", "Write it into company.toml in KNOWLEDGE_DIR")


def _saved_ja(book: Book, entry: str, one: Saving) -> str:
    saved = []
    if one.mean:
        saved.append(f"質問が平均 {one.mean:.1f} 問（最大 {one.most} 問）減る")
    if one.remedies > 0:
        saved.append(f"むだな対処が平均 {one.remedies:.1f} 回減る")
    where = "、サーバー名か発行者が分かるとき" if needs_a_name(entry) else ""
    return f"{'、'.join(saved)}（{book.errors[one.row].title.ja}{where}）" if saved else ""


def _saved_en(book: Book, entry: str, one: Saving) -> str:
    saved = []
    if one.mean:
        saved.append(f"{one.mean:.1f} questions on average (at most {one.most})")
    if one.remedies > 0:
        saved.append(f"{one.remedies:.1f} remedies tried in vain")
    where = ", where the server or issuer is named" if needs_a_name(entry) else ""
    return f"saves {' and '.join(saved)} ({book.errors[one.row].title.en}{where})" if saved else ""


CHECKS = (
    Check("knowledge.tables", Said("表", "Tables"), tables),
    Check("knowledge.own", Said("会社の表", "The company's tables"), own_tables),
    Check("knowledge.labels", Said("実機で見たメニュー名", "Labels seen on a PC"), labels),
    Check("knowledge.reviews", Said("対処の見直し", "Reviews"), reviews),
)
COMPANY = (Check("company.entry", Said("会社の登録", "Entries"), entries),)
