"""What a person types into the local workspace reaches the app as Slack would hand it over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.typed import Names, as_sent

NAMES = Names(
    users={"証明書ヘルプ": "U0BOT", "certificate_help": "U0BOT", "alex.smith": "U0ALEX"},
    channels={"general": "C0GENERAL"},
)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("証明書が見つかりません", "証明書が見つかりません"),
        ("<!channel> & <@U0BOT>", "&lt;!channel&gt; &amp; &lt;@U0BOT&gt;"),
        ("宛先 'user@example.co.jp' です", "宛先 '<mailto:user@example.co.jp|user@example.co.jp>' です"),
        ("mail.example.co.jpに接続", "<http://mail.example.co.jp|mail.example.co.jp>に接続"),
        ("見て https://e.example.com/a?b=1&c=2。", "見て <https://e.example.com/a?b=1&amp;c=2>。"),
        ("(https://e.example.com).", "(<https://e.example.com>)."),
        ("user.cer Outlook.exe 0x800B0109 16.0.8518", "user.cer Outlook.exe 0x800B0109 16.0.8518"),
        ("`user@example.co.jp` と ```mail.example.com```", "`user@example.co.jp` と ```mail.example.com```"),
        ("@証明書ヘルプ 助けて", "<@U0BOT> 助けて"),
        ("@certificate_help hi", "<@U0BOT> hi"),
        ("@certificate_helper hi", "@certificate_helper hi"),
        ("@channel と #general", "<!channel> と <#C0GENERAL|>"),
        ("1行目\n2行目", "1行目\n2行目"),
    ],
)
def test_typed_text_is_escaped_and_linked_as_slack_does(typed: str, sent: str) -> None:
    assert as_sent(typed, NAMES).text == sent


def test_the_rich_text_holds_the_same_as_the_text() -> None:
    typed = as_sent("@alex.smith は user@example.co.jp <b>", NAMES)

    assert typed.elements == [
        {"type": "user", "user_id": "U0ALEX"},
        {"type": "text", "text": " は "},
        {"type": "link", "url": "mailto:user@example.co.jp", "text": "user@example.co.jp"},
        {"type": "text", "text": " <b>"},
    ]


@given(st.text(alphabet=st.characters(exclude_characters="@#.:")))
def test_text_without_links_and_mentions_is_only_escaped(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert as_sent(text, NAMES).text == escaped


@given(st.text(alphabet="<>&!@#a.jp co/:`x"))
def test_nothing_typed_becomes_a_mention_of_somebody_unknown(text: str) -> None:
    sent = as_sent(text, NAMES).text

    assert "<!" not in sent
    assert "<@" not in sent
