"""Which row a message gets, which are offered, and the words that are shown for it."""

import pytest

from knowledge.concept_tables import ROWS
from tests.recognising import recognised, taken_for

BOTH_WORDINGS_OF_ROW_1 = [
    "Microsoft Outlook cannot sign or encrypt this message because there are no certificates which can be "
    "used to send from the email address 'user@example.co.jp'.",
    "Microsoft Outlook could not sign or encrypt this message because you have no certificates which can be "
    "used to send from the e-mail address 'user@example.co.jp'.",
]

HEADERS = [
    "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
    "使用しているサーバは、確認出来ないセキュリティ証明書を使用しています",
    "接続しているサーバは、チェックできないセキュリティ証明書を使用しています。",
    "The server you are connected to is using a security certificate that cannot be verified.",
    "Der Server verwendet ein Sicherheitszertifikat, das nicht überprüft werden kann.",
]

REASONS = [
    ("対象のプリンシパル名が間違っています。", "name_mismatch"),
    ("証明書チェーンは、信頼されていない機関によって発行されました。", "untrusted_chain"),
    ("A required certificate is not within its validity period.", "expired_or_revoked"),
    ("失効サーバーがオフラインのため、失効の関数は失効を確認できませんでした。", "revocation_offline"),
]


@pytest.mark.parametrize("text", BOTH_WORDINGS_OF_ROW_1)
def test_both_wordings_of_the_first_row_are_known(text: str) -> None:
    assert taken_for(text) == "no_certificate"


@pytest.mark.parametrize("header", HEADERS)
def test_the_bare_header_line_asks_for_the_next_one(header: str) -> None:
    recognition = recognised(header)
    assert recognition.decision == "ask"
    assert [candidate.row for candidate in recognition.candidates] == [
        "name_mismatch",
        "expired_or_revoked",
        "untrusted_chain",
        "revocation_offline",
    ]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(("reason", "row"), REASONS)
def test_the_reason_below_the_header_decides(header: str, reason: str, row: str) -> None:
    assert taken_for(f"{header}\n{reason}\nこのサーバーの使用を続けますか?\nはい いいえ") == row


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("署名つけて送ろうとしたら証明書がないって言われる", "no_certificate"),
        ("it says my cert ran out last week", "expired_or_revoked"),
        ("証明書の期限切れとるらしいわ、署名でけへん", "expired_or_revoked"),
        ("サーバーの名前と証明書の名前が違うって警告が出ます", "name_mismatch"),
        ("発行元が信頼できない証明書だと Outlook に言われます", "untrusted_chain"),
        ("相手の証明書がないので暗号化できないと出ました", "recipient_certificate"),
        ("届いた暗号化メールが開けません", "decrypt_failed"),
        ("証明書が失効しているか確認できないとメールソフトに出ます", "revocation_offline"),
    ],
)
def test_peoples_own_words_are_enough(text: str, row: str) -> None:
    assert taken_for(text) == row


def test_a_chain_that_is_cut_is_no_date_that_has_passed() -> None:
    assert taken_for("証明書チェーンが途中で切れているとOutlookに出ます") == "untrusted_chain"
    assert taken_for("証明書の期限が切れているとOutlookに出ます") == "expired_or_revoked"


def test_revoked_differs_from_not_being_able_to_check_it() -> None:
    assert taken_for("証明書が失効していますとOutlookに出ます") == "expired_or_revoked"
    assert taken_for("証明書の失効を確認できませんとOutlookに出ます") == "revocation_offline"


def test_the_error_in_the_middle_of_a_long_thread_is_found() -> None:
    thread = "お世話になっております。議事録をお送りします。次回は火曜日です。\n" * 200
    error = "送信すると「対象のプリンシパル名が間違っています」と出ます。\n"
    assert taken_for(thread + error + thread) == "name_mismatch"


def test_two_failed_lines_of_one_window_are_asked_back() -> None:
    recognition = recognised(
        "このセキュリティ証明書は、信頼する会社から発行されていません。\n"
        "セキュリティ証明書の名前が無効であるか、またはサイト名と一致しません。"
    )
    assert recognition.decision == "ask"
    assert {candidate.row for candidate in recognition.candidates} == {"untrusted_chain", "name_mismatch"}


@pytest.mark.parametrize(
    "text",
    ["証明書エラー", "Outlookで証明書の警告が出ます", "署名できません", "certificate error in outlook"],
)
def test_what_is_vague_is_asked_back_with_two_to_five_rows(text: str) -> None:
    recognition = recognised(text)
    assert recognition.decision == "ask"
    assert recognition.row is None
    assert 2 <= len(recognition.candidates) <= 5
    assert {candidate.row for candidate in recognition.candidates} <= set(ROWS)
    scores = [candidate.score for candidate in recognition.candidates]
    assert scores == sorted(scores, reverse=True)


def test_the_words_that_led_to_a_decision_stand_in_the_message_as_typed() -> None:
    text = "Outlook で ｾｷｭﾘﾃｨ証明書の有効期限が きれてる と出ます"
    recognition = recognised(text)
    assert recognition.row == "expired_or_revoked"
    assert recognition.words
    assert all(words in text for words in recognition.words)


def test_a_line_with_slips_is_still_the_windows_line() -> None:
    assert taken_for(
        "The naem on teh security certifcate is invaild or dose not mach the nmae of the site"
    ) in (
        "name_mismatch",
        "ask",
    )
    assert taken_for("The target principle name is incorect.") == "name_mismatch"


def test_a_guess_is_asked_back_not_diagnosed() -> None:
    recognition = recognised("署名できません。証明書の期限切れでしょうか?")
    assert recognition.decision == "ask"
    assert recognition.candidates[0].row == "expired_or_revoked"
