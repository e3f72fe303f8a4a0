"""What is kept of a message that was not understood tells nobody who wrote it or where."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.redact import LONGEST, redacted


@pytest.mark.parametrize(
    ("text", "secret", "placeholder"),
    [
        ("taro.sato@example.co.jp から送れません", "taro", "‹address›"),
        ("差出人のアドレスsato@example.comから送れない", "sato", "‹address›"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ から", "taro", "‹address›"),
        ("<mailto:taro@example.jp|太郎> 宛", "太郎", "‹address›"),
        ("佐藤@例え.jp 宛に送れない", "佐藤", "‹address›"),
        ("mail.example.co.jp に接続できない", "example", "‹server›"),
        ("*.example.co.jp の証明書", "example", "‹server›"),
        ("MAILSV01 と PC-SATO-01 が駄目です", "SATO", "‹server›"),
        ("192.168.10.25 に繋がらない", "192", "‹server›"),
        ("fe80::1ff:fe23:4567:890a に繋がらない", "890a", "‹server›"),
        ("https://intra.example.co.jp/wiki?id=1を見た", "intra", "‹link›"),
        ("<https://a.example/x|こちら> を見た", "a.example", "‹link›"),
        ("<@U12345678> さんに聞いた", "U12345678", "‹person›"),
        ("<#C1234|sales> に書いた", "sales", "‹channel›"),
        ("内線 03-1234-5678 まで", "5678", "‹number›"),
        ("０３−１２３４−５６７８ まで", "5678", "‹number›"),
        ("社員番号 123456 です", "123456", "‹number›"),
        ("金額は 1,234 円", "234", "‹number›"),
        ("シリアル 00:a3:4f:99:12:bc:de:f0", "a3", "‹number›"),
        ("拇印は 4a5b6c7d8e9f0011", "4a5b", "‹number›"),
        ("xoxb-1234567890-abcdefghij を使う", "abcdefghij", "‹number›"),
        ("CN=Taro Sato, O=Example KK", "Taro", "CN=‹name›"),
        ("/o=Example/ou=Tokyo/cn=Recipients/cn=sato", "sato", "‹name›"),
        ("佐藤様、証明書が切れました", "佐藤", "‹name›様"),
        ("隣のタナカさんは送れます", "タナカ", "‹name›さん"),
        ("営業部の佐藤です。エラーが出ます", "佐藤", "の‹name›です"),
        ("田中部長に送れません", "田中", "‹name›部長"),
        ("鈴木課長宛のメールです", "鈴木", "‹name›課長"),
        ("伊藤先生に届かない", "伊藤", "‹name›先生"),
        ("佐藤支店長の PC です", "佐藤", "‹name›支店長"),
        ("田中さまへの返信", "田中", "‹name›さま"),
        ("yamada様に送れない", "yamada", "‹name›様"),
        ("Suzuki-san cannot send", "Suzuki", "‹name›-san"),
        ("山田太郎からのメールが開けない", "山田", "‹name›からのメール"),
        ("差出人: 山田 花子\n件名: 見積もり", "花子", "差出人: ‹name›"),
        ("From: John Smith\nit fails", "Smith", "From: ‹name›"),
        ("発行先: 山田太郎", "山田", "発行先: ‹name›"),
        ("Hanako Yamada <hanako@example.co.jp>", "Yamada", "‹name› <‹address›"),
        ("山田 花子 <hanako@example.co.jp>", "花子", "‹name› <‹address›"),
        ("田中太郎と申します", "田中", "‹name›と申します"),
        ("Hi Bob, it does not work", "Bob", "Hi ‹name›"),
        ("Ms. Sato cannot send", "Sato", "Ms. ‹name›"),
        ("my name is Taro Sato and it fails", "Sato", "my name is ‹name›"),
        ("株式会社山田商事とのメール", "山田", "‹company›"),
        ("CORP\\sato でログイン", "sato", "‹name›"),
        ("佐藤.pfx を入れた", "佐藤", "‹file›"),
        ("C:\\Users\\sato\\cert.pfx", "sato", "‹file›"),
        ("\\\\fs01\\share\\keys", "fs01", "‹file›"),
        ("パスワードは hunter2abc です", "hunter2abc", "‹secret›"),
        ("password: hunter2abc", "hunter2abc", "‹secret›"),
    ],
)
def test_what_tells_who_or_where_is_hidden(text: str, secret: str, placeholder: str) -> None:
    hidden = redacted(text)
    assert secret not in hidden
    assert placeholder in hidden


@pytest.mark.parametrize(
    "text",
    [
        "0x800B0109 と出ます",
        "800b0109 と 8004010F が出ます",
        "エラー -2146762487 が出ます",
        "Outlook 2019 と Microsoft 365 と Windows 11 で出ます",
        "It says so in MS Outlook",
        "SHA-256 と AES-256 と TLS 1.2 と KB5034441",
        "お客様も皆様も同様の仕様です。業者さんに聞きました",
        "発行者: ESET SSL Filter CA",
        "このセキュリティ証明書は、信頼する証明機関から発行されたものではありません。",
        "The server you are connected to is using a security certificate that cannot be verified.",
        "S/MIME の設定が 2 つあります",
    ],
)
def test_what_it_needs_stays(text: str) -> None:
    assert redacted(text) == text


def test_a_message_is_kept_on_one_line_and_not_for_long() -> None:
    kept = redacted("証明書が\n\nおかしい。" * 200)
    assert "\n" not in kept
    assert len(kept) == LONGEST
    assert kept.endswith("…")


def test_what_slack_escaped_hides_nothing() -> None:
    assert redacted("&lt;taro@example.jp&gt; &amp; co") == "<‹address›> & co"


PIECES = st.sampled_from(
    [
        *("taro@example.jp", "mail.example.jp", "192.168.1.1", "03-1234-5678", "0x800B0109", "123456"),
        *("佐藤様", "の", "証明書", "<", ">", "|", "@", ".", "-", ":", " ", "\n", "&lt;", "CN=", "\\", "a1"),
        *("\ue000", "\u202e"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=60).map("".join)))
@example("\ue000\ue001")
def test_no_address_and_no_long_number_is_left_in_any_text(text: str) -> None:
    kept = redacted(text)
    assert len(kept) <= LONGEST
    assert "taro@" not in kept
    known = "0x800B0109|SHA-?(224|256|384|512)|AES-?(128|192|256)|RSA-?[1-4][0-9]{3}"  # these are no secrets
    assert not re.search("[0-9]{3}", re.sub(known, "", kept))


@pytest.mark.parametrize(
    "piece", ["a.", "a-", "1 ", "a@", "a1-", ":", "f:", "x.y", "<mailto:", "佐藤", "CN=", "/o="]
)
def test_a_piece_repeated_for_ever_is_redacted(piece: str) -> None:
    assert len(redacted((piece * 39_000)[:39_000])) <= LONGEST
