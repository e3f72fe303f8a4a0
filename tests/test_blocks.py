"""Messages as Slack draws them: within every limit, and nothing that a text says becomes a mention."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock

from bot import limits
from bot.blocks import blocks, fallback_text
from bot.limits import BeyondLimits, problems, require_within
from bot.replies import (
    Button,
    Buttons,
    Feedback,
    Heading,
    Message,
    NumberedStep,
    Part,
    Person,
    Small,
    Steps,
    Table,
    Text,
    quote,
)
from bot.workspace import limits as slack

# Written so that no editor can eat them: a bell, a right-to-left override, half a surrogate pair.
HOSTILE = (
    "<!channel>",
    "<@U0123456789>",
    "<#C0123456789|general>",
    "<!here|x>",
    "@here",
    "@channel",
    "&lt;!channel&gt;",
    "<https://example.org|bank>",
    "*<!everyone>*",
    "https://example.org/<!channel>",
    "**",
    "* a * b *",
    "\n\n",
    "\x07\u202e\ud800\x00",
    "🀄" * 40,
    ":ab:",
    "_x_ ~y~ `z`",
)
words = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(), max_size=30), st.sampled_from(["*太字*", "署名", " "])
)
texts = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(words, max_size=5),
    st.sampled_from([1, 1, 3, 900]),
)
buttons = st.builds(Button, texts, texts, st.sampled_from([None, "primary", "danger"]))
steps = st.builds(NumberedStep, texts, st.none() | texts)
parts = st.one_of(
    st.builds(Text, texts),
    st.builds(Heading, texts),
    st.builds(Small, texts),
    st.builds(Person, texts, st.sampled_from(["U0123456789", "<!channel>", ""]), texts),
    st.builds(
        lambda some, times: Steps(tuple(some) * times),
        st.lists(steps, max_size=4),
        st.sampled_from([0, 1, 30]),
    ),
    st.builds(
        lambda some, times: Table(tuple(some) * times),
        st.lists(st.tuples(texts, texts), max_size=4),
        st.sampled_from([0, 1, 30]),
    ),
    st.builds(lambda some: Buttons(tuple(some)), st.lists(buttons, max_size=4)),
    st.builds(
        lambda good, bad: Feedback(Button("feedback:end:good", good), Button("feedback:end:bad", bad)),
        texts,
        texts,
    ),
)
messages = st.builds(
    lambda some, times: Message(tuple(some) * times, "ja"),
    st.lists(parts, max_size=6),
    st.sampled_from([1, 1, 9]),
)


def drawn(*some: Part) -> list[dict[str, Any]]:
    found = blocks(Message(some, "ja"), conversation="1042")
    assert problems(found, "-") == []
    return found


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        yield from strings([item for name, item in value.items() if name != "action_id"])  # never shown


def leaves(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The texts, links and people of a rich_text block, in order."""
    found = []
    for element in block["elements"]:
        sections = element["elements"] if element["type"] == "rich_text_list" else [element]
        for section in sections:
            found += section["elements"]
    return found


def bold(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text, "style": {"bold": True}}


def plain(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


@given(messages)
@settings(max_examples=40, deadline=None)
@example(Message((Text("署" * 39_000),), "ja"))
@example(Message((Text("*太*字" * 8_000),), "ja"))
@example(Message((Small("*" + "&" * 2_900 + "*"),), "ja"))
@example(Message((Steps((NumberedStep("a" * 3_000),) * 3_000),), "ja"))
@example(Message(tuple(Buttons((Button(f"b{n}:{'x' * 300}", "y" * 99),)) for n in range(70)), "ja"))
@example(Message((), "ja"))
def test_slack_takes_every_message(message: Message) -> None:
    found, text = blocks(message, conversation="1042"), fallback_text(message)
    require_within(found, text)
    # The workspace of this machine and Slack's own library judge by tables of their own.
    assert slack.problems(found, "message") == []
    assert slack.tables(found) <= 1
    assert not slack.too_long(found)
    for block in SlackBlock.parse_all(found):
        block.validate_json()
    json.dumps([found, text], ensure_ascii=False).encode()


@given(messages)
@settings(max_examples=40, deadline=None)
def test_nothing_that_a_text_says_becomes_a_mention(message: Message) -> None:
    found, text = blocks(message, conversation="1042"), fallback_text(message)
    for said in [*strings(found), text]:
        for mention in ("<!", "<@", "<#"):
            assert mention not in said
        for place, character in enumerate(said):
            if character == "<":
                assert said.startswith("<https://", place)
    people = [leaf for block in found if block["type"] == "rich_text" for leaf in leaves(block)]
    assert {leaf["type"] for leaf in people} <= {"text", "link", "user"}
    assert {leaf["user_id"] for leaf in people if leaf["type"] == "user"} <= {"U0123456789"}


def test_a_certificate_named_like_a_mention_calls_nobody() -> None:
    name = quote("<!channel> @here <@U0123456789>")
    message = Message((Heading(name), Text(name), Table(((name, name),)), Small(f"*{name}*")), "ja")
    said = json.dumps([drawn(*message.parts), fallback_text(message)], ensure_ascii=False)
    assert "<!channel>" not in said
    assert "<@U" not in said
    assert "channel" in said
    assert "@here" not in fallback_text(message)


def test_everybody_is_not_called_by_a_word_either() -> None:
    said = "@here @channel user@here.example"
    (small,) = drawn(Small(f"{said} *x*"))  # with emphasis it is mrkdwn
    for text in (small["elements"][0]["text"], fallback_text(Message((Text(said),), "ja"))):
        assert "@here" not in text
        assert "@channel" not in text


def test_bold_holds_between_japanese_letters() -> None:
    (block,) = drawn(Text("有効期限が*いちばん遅い*ものを選びます"))
    assert leaves(block) == [plain("有効期限が"), bold("いちばん遅い"), plain("ものを選びます")]


def test_a_heading_is_bold_as_a_whole_unless_it_says_what_is() -> None:
    assert leaves(drawn(Heading("証明書が見つかりません"))[0]) == [bold("証明書が見つかりません")]
    parts = leaves(drawn(Heading("*証明書が見つかりません*（ご自分のもの）"))[0])
    assert parts == [bold("証明書が見つかりません"), plain("（ご自分のもの）")]


def test_a_link_ends_where_the_address_ends() -> None:
    (block,) = drawn(Text("Web 版（https://outlook.office.com/mail/?a=1&b=2）を開き、https://example.com."))
    assert leaves(block) == [
        plain("Web 版（"),
        {"type": "link", "url": "https://outlook.office.com/mail/?a=1&b=2"},
        plain("）を開き、"),
        {"type": "link", "url": "https://example.com"},
        plain("."),
    ]


def test_a_link_in_small_print_can_be_pressed() -> None:
    (block,) = drawn(Small("くわしくは https://example.com/?a=1&b=2 で"))
    assert block["elements"] == [
        {"type": "mrkdwn", "text": "くわしくは <https://example.com/?a=1&amp;b=2> で", "verbatim": True}
    ]


def test_what_people_wrote_is_no_link_and_an_address_can_be_copied() -> None:
    (block,) = drawn(Text(quote("https://evil.example user@example.co.jp *x*")))
    assert leaves(block) == [plain("https:\u2060//evil.example user@example.co.jp ∗x∗")]


def test_small_print_without_marks_is_plain_text() -> None:
    (block,) = drawn(Small("判断の根拠: _x_ :ab: <b>"))
    element = {"type": "plain_text", "text": "判断の根拠: _x_ :ab: ＜b>", "emoji": False}
    assert block["elements"] == [element]


def test_steps_are_numbered_by_slack_and_a_warning_stands_under_its_step() -> None:
    steps = (
        NumberedStep("［選択］を押します"),
        NumberedStep("*新しいもの*を選びます", "古い証明書は消さないでください"),
    )
    (block,) = drawn(Steps(steps))
    (numbered,) = block["elements"]
    assert numbered["style"] == "ordered"
    assert [item["elements"] for item in numbered["elements"]] == [
        [plain("［選択］を押します")],
        [bold("新しいもの"), plain("を選びます"), plain("\n⚠️ "), plain("古い証明書は消さないでください")],
    ]


def test_a_table_shows_its_values_as_they_are() -> None:
    (block,) = drawn(Table((("宛名", "*x* (user@example.co.jp)"), ("発行元", ""))))
    assert [[cell["text"] for cell in row] for row in block["rows"]] == [
        ["宛名", "*x* (user@example.co.jp)"],
        ["発行元", "–"],
    ]
    assert {cell["type"] for row in block["rows"] for cell in row} == {"raw_text"}


def test_a_second_table_becomes_lines_for_slack_takes_only_one() -> None:
    first, second = drawn(Table((("a", "1"),)), Table((("b", "2"), ("c", "*3*"))))
    assert first["type"] == "table"
    assert leaves(second) == [bold("b"), plain(" 2"), bold("\nc"), plain(" *3*")]


def test_a_person_is_a_link_to_them() -> None:
    (block,) = drawn(Person("利用者", "U0123456789", "営業・日本語"))
    assert leaves(block) == [
        bold("利用者"),
        plain(" "),
        {"type": "user", "user_id": "U0123456789"},
        plain(" "),
        plain("営業・日本語"),
    ]


def test_a_button_carries_its_id_and_its_conversation() -> None:
    (block,) = drawn(Buttons((Button("solved", "解決した", "primary"), Button("person", "担当者と話す"))))
    assert block["elements"] == [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "解決した", "emoji": False},
            "action_id": "solved",
            "value": "1042",
            "style": "primary",
        },
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "担当者と話す", "emoji": False},
            "action_id": "person",
            "value": "1042",
        },
    ]


def test_the_two_feedback_buttons_have_one_id_and_a_side_in_each_value() -> None:
    (block,) = drawn(
        Feedback(Button("feedback:end:good", "役に立った"), Button("feedback:end:bad", "いいえ"))
    )
    SlackBlock.parse(block).to_dict()  # type: ignore[union-attr]
    (element,) = block["elements"]
    assert (block["type"], element["type"]) == ("context_actions", "feedback_buttons")
    assert element["action_id"] == "feedback:end"
    good, bad = element["positive_button"], element["negative_button"]
    assert (good["value"], bad["value"]) == ("good:1042", "bad:1042")
    assert (good["text"]["text"], bad["accessibility_label"]) == ("役に立った", "いいえ")


def test_more_buttons_than_a_row_holds_go_into_the_next() -> None:
    rows = drawn(Buttons(tuple(Button(f"row:{number}", f"{number}") for number in range(30))))
    assert [len(row["elements"]) for row in rows] == [25, 5]


def test_the_longest_text_loses_first() -> None:
    short, long = drawn(Text("短い文"), Table((("words", "あ" * 9_900), ("more", "い" * 9_900))))
    assert leaves(short) == [plain("短い文")]
    assert long["rows"][0][0]["text"] == "words"
    assert long["rows"][0][1]["text"].endswith("あ…")
    assert long["rows"][1][1]["text"].endswith("い…")


def test_half_a_link_is_no_link() -> None:
    found = drawn(*(Text("y" * 20 + " https://example.com/" + "z" * 900) for _ in range(45)))
    links = [leaf["url"] for block in found for leaf in leaves(block) if leaf["type"] == "link"]
    texts = [leaf["text"] for block in found for leaf in leaves(block) if leaf["type"] == "text"]
    assert set(links) <= {"https://example.com/" + "z" * 900}
    assert texts[-1] == "…"
    assert not any("https://" in text for text in texts)


def test_buttons_outlive_a_flood_of_texts() -> None:
    flood = [Text(f"{number}") for number in range(80)]
    found = drawn(*flood, Buttons((Button("person", "担当者と話す"),)), *flood)
    assert [block["type"] for block in found].count("actions") == 1


def test_what_an_update_changes_has_another_id() -> None:
    before, after = drawn(Text("証明書を確認しています…")), drawn(Text("証明書そのものに問題はありません"))
    assert before[0]["block_id"] != after[0]["block_id"]
    assert before == drawn(Text("証明書を確認しています…"))


def test_the_text_beside_the_blocks_says_the_same() -> None:
    message = Message(
        (
            Heading("*期限が切れています*（ご自分のもの）"),
            Text("CN=<a> & b https://example.com"),
            Steps((NumberedStep("［OK］を押します", "消さないでください"), NumberedStep("送ります"))),
            Table((("宛名", "user"),)),
            Person("利用者", "U0123456789", "営業"),
            Buttons((Button("solved", "解決した"), Button("person", "担当者と話す"))),
            Small("根拠: expired"),
        ),
        "ja",
    )
    assert fallback_text(message).splitlines() == [
        "期限が切れています（ご自分のもの）",
        "CN=&lt;a&gt; &amp; b https://example.com",
        "1. ［OK］を押します",
        "⚠️ 消さないでください",
        "2. 送ります",
        "宛名: user",
        "利用者 営業",
        "[解決した] [担当者と話す]",
        "根拠: expired",
    ]


@pytest.mark.parametrize("letter", ["署", "&", "<", "𠮷", "a"])
def test_the_text_beside_the_blocks_is_as_long_as_an_update_takes(letter: str) -> None:
    said = fallback_text(Message((Text(letter * 39_000),), "ja"))
    assert said.endswith("…")
    assert limits.BYTES_OF_TEXT - 16 < len(said.encode()) <= limits.BYTES_OF_TEXT
    assert "&" not in said.replace("&amp;", "").replace("&lt;", "")  # no half of an entity


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def row_of(count: int, label: str = "x", action: str = "id", value: str = "1") -> dict[str, Any]:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": label},
                "action_id": f"{action}{number}",
                "value": value,
            }
            for number in range(count)
        ],
    }


def table_of(rows: int, columns: int, text: str = "x") -> dict[str, Any]:
    cells = [[{"type": "raw_text", "text": text} for _ in range(columns)] for _ in range(rows)]
    return {"type": "table", "rows": cells}


def rich(text: str) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [plain(text)]}]}


def context(count: int, text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text}] * count}


def thumbs(count: int, label: str = "x", value: str = "x", action: str = "x") -> dict[str, Any]:
    side = {"text": {"type": "plain_text", "text": label}, "value": value, "accessibility_label": label}
    both = {"positive_button": side, "negative_button": side}
    element = {"type": "feedback_buttons", "action_id": action} | both
    return {"type": "context_actions", "elements": [element] * count}


AT_THE_LIMIT: list[tuple[list[dict[str, Any]], list[dict[str, Any]]]] = [
    ([section("x")] * 50, [section("x")] * 51),
    ([section("x" * 3000)], [section("x" * 3001)]),
    ([section("𠮷" * 1500)], [section("𠮷" * 1501)]),
    ([section("x")], [section("")]),
    (
        [{"type": "section", "fields": [plain("x" * 500)] * 10}],
        [{"type": "section", "fields": [plain("x")] * 11}],
    ),
    (
        [{"type": "section", "fields": [plain("x" * 2000)]}],
        [{"type": "section", "fields": [plain("x" * 2001)]}],
    ),
    ([{"type": "header", "text": plain("x" * 150)}], [{"type": "header", "text": plain("x" * 151)}]),
    ([context(10, "x")], [context(11, "x")]),
    ([context(1, "x" * 3000)], [context(1, "x" * 3001)]),
    ([row_of(25)], [row_of(26)]),
    ([row_of(1, label="x" * 75)], [row_of(1, label="x" * 76)]),
    ([row_of(1, action="x" * 254)], [row_of(1, action="x" * 255)]),
    ([row_of(1, value="x" * 2000)], [row_of(1, value="x" * 2001)]),
    ([row_of(1)], [{"type": "actions", "elements": row_of(1)["elements"] * 2}]),
    ([thumbs(5)], [thumbs(6)]),
    ([thumbs(1, label="x" * 75)], [thumbs(1, label="x" * 76)]),
    ([thumbs(1, value="x" * 2000)], [thumbs(1, value="x" * 2001)]),
    ([thumbs(1, action="x" * 255)], [thumbs(1, action="x" * 256)]),
    ([table_of(100, 2)], [table_of(101, 2)]),
    ([table_of(2, 20)], [table_of(2, 21)]),
    ([table_of(2, 2, "x" * 2500)], [table_of(2, 2, "x" * 2501)]),
    ([table_of(1, 1)], [table_of(1, 1), table_of(1, 1)]),
    ([rich("x" * 11_000)], [rich("x" * 11_001)]),
    ([rich("x" * 10_874), rich("x")], [rich("x" * 10_875), rich("x")]),
    ([rich("x")], [rich("")]),
    ([section("x") | {"block_id": "x" * 255}], [section("x") | {"block_id": "x" * 256}]),
    (
        [section("x") | {"block_id": "a"}],
        [section("x") | {"block_id": "a"}, section("x") | {"block_id": "a"}],
    ),
    ([section("x")], [{"type": "video"}]),
]


@pytest.mark.parametrize(("taken", "refused"), AT_THE_LIMIT)
def test_a_limit_is_taken_and_one_more_is_refused(
    taken: list[dict[str, Any]], refused: list[dict[str, Any]]
) -> None:
    assert problems(taken, "x") == []
    assert problems(refused, "x") != []


@pytest.mark.parametrize(
    ("taken", "refused"), [("x", ""), ("x", " \n"), ("x" * 4000, "x" * 4001), ("署" * 1333, "署" * 1334)]
)
def test_the_text_has_limits_too(taken: str, refused: str) -> None:
    assert problems([], taken) == []
    assert problems([], refused) != []


def test_the_guard_names_every_limit_and_nothing_that_was_said() -> None:
    with pytest.raises(BeyondLimits) as refusal:
        require_within([section("秘密" * 2000), row_of(1, label="秘密" * 50)], "秘密" * 900)
    told = str(refusal.value)
    assert "秘密" not in told
    assert "blocks[0].text" in told
    assert "blocks[1]: label" in told
    assert "text: 5400 bytes" in told
