"""What Slack makes of a typed text becomes again what the person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mrkdwn import as_typed, mentions
from bot.workspace.typed import Names, as_sent

BOT = "U0BOT"


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("<mailto:user@example.co.jp|user@example.co.jp>", "user@example.co.jp"),
        ("<mailto:user@example.co.jp>", "user@example.co.jp"),
        ("<http://mail.example.co.jp|mail.example.co.jp>", "mail.example.co.jp"),
        ("<https://example.co.jp/a?b=1&amp;c=2>", "https://example.co.jp/a?b=1&c=2"),
        ("<https://example.co.jp|ここ>", "ここ"),
        ("<tel:+81312345678|03-1234-5678>", "03-1234-5678"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S123|@desk> <!subteam^S123>", "@desk @subteam"),
        ("<!date^1700000000^{date}|14 Nov>", "14 Nov"),
        ("<#C123|general> <#C123|> <#C123>", "#general #C123 #C123"),
        (f"<@{BOT}> 送れません", "送れません"),
        (f"<@{BOT}|helper> 送れません", "送れません"),
        ("<@U0SATO> さんも", "@U0SATO さんも"),
        ("<@U0SATO|sato> さんも", "@sato さんも"),
        ("a < b", "a < b"),
        ("> 引用", "> 引用"),
        ("", ""),
    ],
)
def test_markup_is_undone(sent: str, typed: str) -> None:
    assert as_typed(sent, BOT) == typed


@given(st.text(alphabet=st.sampled_from("ab &<>;|@#!*`_~amplt.-/:日本 \n"), max_size=60))
def test_whatever_is_typed_into_the_workspace_arrives_as_typed(typed: str) -> None:
    sent = as_sent(typed, Names({}, {}))
    broadcasts = ("@here", "@channel", "@everyone")
    assert as_typed(sent.text, BOT) == typed.strip() or any(word in typed for word in broadcasts)


def test_only_the_bot_itself_is_a_mention() -> None:
    assert mentions(f"ねえ <@{BOT}>", BOT)
    assert mentions(f"<@{BOT}|helper> help", BOT)
    assert not mentions("<@U0BOTHER>", BOT)
    assert not mentions(f"&lt;@{BOT}&gt;", BOT)
