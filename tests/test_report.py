"""The report counts what there was, says what it means, and shows nothing that could harm who opens it."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.outcome import Outcome, Tried
from bot.plain import lines
from bot.report_figures import figures
from bot.report_found import Found, Incident, OwnWords, Text, Texts
from bot.report_html import element
from bot.report_json import as_json
from bot.report_page import page
from bot.report_period import Period
from bot.report_words import Wording, percent
from bot.watching import Watch
from bot.weekly_words import Summary, summary
from knowledge.book import Book
from knowledge.load import load
from knowledge.rows import Language
from tests.counting import NOW, TOKYO, counted, outcome
from tests.made_outcomes import made


@pytest.fixture(scope="module")
def book() -> Book:
    return load()


def found(outcomes: Sequence[Outcome] = (), **more: Any) -> Found:
    given: dict[str, Any] = {
        "figures": counted(outcomes),
        "texts": Texts(0, 0),
        "incidents": (),
        "watched": (),
        "own_words": (),
        "has_texts": True,
        "retention_days": 30,
        "kept_days": 400,
        "tables": "aaaaaaaaaaaa",
        "made": NOW,
    }
    return Found(**(given | more))


def shown(book: Book, of: Found, language: Language = "ja") -> str:
    return page(of, Wording(book, language, TOKYO))


def texts(html: str) -> str:
    """What a person reads."""
    (body,) = ET.fromstring(html.partition("\n")[2]).iter("body")
    return re.sub(r"\s+", " ", " ".join(body.itertext()))


def test_shares_of_few_are_no_percentages(book: Book) -> None:
    ja, en = Wording(book, "ja", TOKYO), Wording(book, "en", TOKYO)
    assert (ja.share(3, 4), en.share(3, 4)) == ("4 件中 3 件", "3 of 4")
    assert (ja.share(3, 5), en.share(3, 5)) == ("60%（5 件中 3 件）", "60% (3 of 5)")
    assert en.share(0, 0) == "–"
    assert [percent(part, 1000) for part in (0, 1, 5, 999, 1000)] == ["0", "1", "1", "99", "100"]
    assert [en.time(minutes) for minutes in (None, 0.2, 59.4, 61, 60 * 24 * 2 + 90)] == [
        "–",
        "0 min",
        "59 min",
        "1 h 1 min",
        "2 d 2 h",
    ]


# The page


def rich(book: Book) -> Found:
    cases = made(NOW, weeks=10, book=book)
    given = found(cases)
    watch = Watch(1, "T", "U0OWNER001", "ab", "email", NOW + timedelta(days=12), None, "watching")
    return replace(
        given,
        texts=Texts(
            7,
            1,
            (
                Text(
                    "<script>alert(1)</script> &amp; \"'\u202e\x07 https://evil.example", 7, "none", NOW, None
                ),
            ),
        ),
        incidents=(
            Incident(3, "untrusted_chain", "<b>mail", NOW - timedelta(hours=3), NOW, 6, "set_clock"),
            Incident(4, "gone_row", None, NOW, None, 5, None),
        ),
        own_words=(OwnWords("no_certificate", "</style><img src=x onerror=alert(1)>", NOW),),
        watched=(watch, replace(watch, id=2, not_after=NOW + timedelta(days=45))),
    )


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_is_well_formed_and_asks_nobody_for_anything(book: Book, language: Language) -> None:
    html = shown(book, rich(book), language)
    tree = ET.fromstring(html.partition("\n")[2])
    tags = {one.tag for one in tree.iter()}
    assert not tags & {
        "script",
        "link",
        "img",
        "image",
        "iframe",
        "object",
        "embed",
        "a",
        "use",
        "foreignObject",
    }
    for one in tree.iter():
        for name, value in one.attrib.items():
            assert not re.match("href|src|style|on", name), (one.tag, name)
            assert "//" not in value
    (style,) = (one.text or "" for one in tree.iter("style"))
    assert set(re.findall(r"url\(([^)]*)\)", style)) == {"#fill2", "#fill3", "#fill4"}
    assert "@import" not in style
    ids = [one.attrib["id"] for one in tree.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    named = [one.attrib["aria-labelledby"].split() for one in tree.iter() if "aria-labelledby" in one.attrib]
    assert {name for names in named for name in names} <= set(ids)
    charts = [one for one in tree.iter("svg") if one.attrib.get("role") == "img"]
    assert len(charts) >= 5
    assert all(one.findtext("title") and one.findtext("desc") for one in charts)


def test_what_people_wrote_stays_text(book: Book) -> None:
    html = shown(book, rich(book))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;" in html
    assert "⟨U+202E⟩⟨U+0007⟩" in html
    assert html.count("</style>") == 1


def test_texts_are_announced_and_can_be_left_out(book: Book) -> None:
    full = rich(book)
    assert "--without-texts" in texts(shown(book, full))
    without = replace(full, has_texts=False, texts=Texts(7, 1), own_words=(), incidents=())
    told = texts(shown(book, without))
    assert "alert(1)" not in told
    assert "7 件、1 種類" in told
    assert "人が書いた文とサーバー名は、指定により載せていません" in told
    kept = json.dumps(as_json(without))
    assert "shown" not in as_json(without)["unmatched"]
    assert "alert" not in kept


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_empty_report_says_what_will_stand_there(book: Book, language: Language) -> None:
    html = shown(book, found(), language)
    tree = ET.fromstring(html.partition("\n")[2])
    nothing = [one for one in tree.iter("p") if one.attrib.get("class") == "nothing"]
    assert len(nothing) >= 9
    assert not [one for one in tree.iter("svg") if one.attrib.get("role") == "img"]
    told = texts(html)
    assert (
        "この期間に終わった相談はありません" if language == "ja" else "No case ended in this period"
    ) in told


def test_one_case_is_told_as_one(book: Book) -> None:
    told = texts(shown(book, found([outcome(feedback="good")]), "en"))
    assert "Solved without a person 1 of 1 Before: –" in told
    assert "Time to the end (median) 10 min Before: –" in told
    assert "%" not in told.partition("How it is counted")[0].replace(
        "Weeks with fewer than 5 cases have no percentage.", ""
    )


def test_what_is_no_longer_kept_is_told(book: Book) -> None:
    year = replace(found(), figures=counted([], "300d"))
    assert "前の期間には、結果を残している 400 日より前の日が入っています" in texts(shown(book, year))
    assert "400 日より前の日" not in texts(shown(book, found()))


def test_the_same_data_makes_the_same_page(book: Book) -> None:
    first, again = (shown(book, rich(book)) for _ in range(2))
    assert first == again
    assert as_json(rich(book)) == as_json(rich(book))


def test_what_the_tables_no_longer_have_is_told_by_its_id(book: Book) -> None:
    gone = outcome(row="gone_row", remedy="gone_remedy", shown=("gone_remedy",))
    told = texts(shown(book, found([gone]), "en"))
    assert "gone_row (no longer in the tables)" in told
    assert "gone_remedy (no longer in the tables)" in told


def test_no_text_becomes_mark_up() -> None:
    assert element("p", "<&>", title='"x') == '<p title="&quot;x">&lt;&amp;&gt;</p>'
    assert (
        element("td", element("b", "1"), "2", class_="n", aria_label=None) == '<td class="n"><b>1</b>2</td>'
    )


def test_the_json_holds_the_same_figures(book: Book) -> None:
    told = as_json(rich(book))
    assert (
        told["now"]["cases"]
        == sum(row["cases"] for row in told["rows"])
        == sum(w["cases"] for w in told["weeks"])
    )
    assert told["certificates"]["ending"] == {"30": 1, "60": 1, "90": 0}
    assert json.loads(json.dumps(told)) == told


# The weekly summary


def test_the_summary_names_what_never_helped_and_what_runs_out(book: Book) -> None:
    failed = outcome(
        NOW - timedelta(days=3),
        how="alone",
        remedy=None,
        tried=(Tried(remedy="choose_certificate", outcome="not_solved"),),
    )
    week = Period(date(2026, 11, 16), date(2026, 11, 22), TOKYO, NOW)
    month = Period(date(2026, 10, 26), date(2026, 11, 22), TOKYO, NOW)
    watch = Watch(1, "T", "U0OWNER001", "ab", "email", NOW + timedelta(days=12), None, "watching")
    cases = [failed] * 5
    of = Summary(
        figures(cases, week, lambda row: ()), figures(cases, month, lambda row: ()), 4, None, (watch,)
    )
    assert lines(summary(of, Wording(book, "en", TOKYO))) == [
        "*Last week (16\u00a0Nov to 22\u00a0Nov): 5 cases ended, of which 5 solved without a person*",
        "| What | Last week | The week before |",
        "| Cases that ended | 5 | 0 |",
        "| of these: No certificate found to sign with | 5 | 0 |",
        "| Solved without a person | 100% | – |",
        "| Handed over | 0 | 0 |",
        "| Questions (median) | 1 | – |",
        "| Time to the end (median) | 10 min | – |",
        "| Helped | – | – |",
        "| Texts without an error | 4 | – |",
        "Advised 5 times in the last 4 weeks and never the cure: Choose the certificate that Outlook uses",
        "Watched certificates that end within 30 days: 1 (owners: 1). "
        "The list: python -m bot watch --days 30",
        "‹The full report: python -m bot report --since 2026-11-16 --until 2026-11-22 --out report.html›",
    ]
