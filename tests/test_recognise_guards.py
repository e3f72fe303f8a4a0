"""What keeps a message from being diagnosed."""

import pytest

from tests.recognising import recognised, taken_for

SECURITY_ALERT = """セキュリティの警告
mail.example.co.jp
このサイトとの間で交換する情報は、ほかの人から読み取られません。しかし、このサイトのセキュリティ証明書には問題があります。
{trust}
{date}
{name}
続行しますか?
はい(Y) いいえ(N) 証明書の表示(V)"""
PASSED = {
    "trust": "このセキュリティ証明書は、信頼された証明機関から発行されています。",
    "date": "このセキュリティ証明書の日付は有効です。",
    "name": "このセキュリティ証明書には、表示しようとしているページの名前と一致する有効な名前があります。",
}
FAILED = {
    "trust": ("このセキュリティ証明書は、信頼する会社から発行されていません。", "untrusted_chain"),
    "date": (
        "このセキュリティ証明書は有効期限が切れているか、まだ有効になっていません。",
        "expired_or_revoked",
    ),
    "name": ("セキュリティ証明書の名前が無効であるか、またはサイト名と一致しません。", "name_mismatch"),
}


@pytest.mark.parametrize("failed", FAILED)
def test_of_a_security_alert_the_line_that_failed_counts(failed: str) -> None:
    line, row = FAILED[failed]
    assert taken_for(SECURITY_ALERT.format_map({**PASSED, failed: line})) == row


def test_a_security_alert_with_only_lines_that_passed_is_asked_back() -> None:
    assert taken_for(SECURITY_ALERT.format_map(PASSED)) == "ask"


@pytest.mark.parametrize(
    "text",
    [
        "証明書の期限は切れていません。署名でエラーになります",
        "期限切れではないはずですが証明書のエラーで送れません",
        "my certificate has not expired but outlook shows a certificate error",
    ],
)
def test_what_is_denied_does_not_count(text: str) -> None:
    assert taken_for(text) == "ask"


def test_denial_touches_only_its_own_words() -> None:
    assert taken_for("期限は切れていないのに、証明書の名前が違うと出ます") == "name_mismatch"


@pytest.mark.parametrize(
    "text",
    [
        "昨日の証明書の期限切れの件、更新してもらって解決しました。ありがとうございます",
        "the certificate problem is solved, thanks",
        "証明書の警告は出なくなりました",
    ],
)
def test_a_trouble_that_is_over_is_not_diagnosed(text: str) -> None:
    recognition = recognised(text)
    assert (recognition.decision, recognition.about) == ("none", "resolved")


def test_a_trouble_that_came_back_is_not_over() -> None:
    assert taken_for("一度直りましたが、また証明書の期限切れと出ます") == "expired_or_revoked"


def test_an_earlier_trouble_does_not_hide_todays() -> None:
    assert taken_for("去年は期限切れで更新しましたが、今回は証明書が見つからないと出ます") == "no_certificate"


@pytest.mark.parametrize(
    "text",
    [
        "Chromeで社内サイトを開くと証明書の期限が切れていると出ます",
        "VPNの証明書が期限切れでつながりません",
        "The target principal name is incorrect. Cannot generate SSPI context.",
        "curl: (60) schannel: SEC_E_UNTRUSTED_ROOT (0x80090325)",
        "pip install で SSL: CERTIFICATE_VERIFY_FAILED",
        "javax.net.ssl.SSLHandshakeException: PKIX path building failed",
        "fatal: unable to access: SSL certificate problem: unable to get local issuer certificate (git)",
        "リモートデスクトップで証明書の名前が一致しないと出ます",
        "Thunderbirdで証明書の期限切れと出ます",
        "会社のWi-Fiの証明書が信頼されていないと出ます",
    ],
)
def test_another_programs_certificate_is_not_ours(text: str) -> None:
    recognition = recognised(text)
    assert (recognition.decision, recognition.about) == ("none", "other_program")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Outlookで証明書の期限切れと出ます。Chromeでは問題なく見られます", "expired_or_revoked"),
        ("VPNにつないでOutlookを開くと証明書の名前が一致しないと出ます", "name_mismatch"),
        ("ブラウザでは大丈夫なのにOutlookだけ証明書が信頼されていないと言われます", "untrusted_chain"),
    ],
)
def test_another_program_that_is_only_mentioned_hides_nothing(text: str, row: str) -> None:
    assert taken_for(text) == row


@pytest.mark.parametrize(
    "text",
    [
        "在職証明書が見つかりません",
        "卒業証明書の有効期限が切れていました",
        "ワクチン接種証明書をメールで送りたい",
        "my vaccination certificate has expired",
    ],
)
def test_a_certificate_on_paper_is_not_ours(text: str) -> None:
    recognition = recognised(text)
    assert (recognition.decision, recognition.about) == ("none", "paper")


def test_paper_in_a_message_does_not_hide_an_error() -> None:
    text = "在職証明書をメールで送ろうとしたら、Outlookで署名用の証明書が見つからないと出ました"
    assert taken_for(text) == "no_certificate"


@pytest.mark.parametrize(
    "text",
    [
        "0x800CCC0E",
        "エラー 0x800CCC1A 暗号化された接続の種類がサポートされていません",
        "メールボックスがいっぱいで送信できません",
        "パスワードの有効期限が切れてOutlookに入れません",
        "550 5.7.1 Unable to relay (Outlook)",
        "Outlookのライセンスの期限が切れました",
    ],
)
def test_another_trouble_with_outlook_is_not_diagnosed(text: str) -> None:
    assert taken_for(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "証明書の有効期限の確認方法を教えてください",
        "証明書の期限が切れた場合はどうなりますか",
        "来月で証明書の期限が切れます",
        "Your certificate is about to expire",
    ],
)
def test_a_question_or_a_date_to_come_is_no_error(text: str) -> None:
    assert taken_for(text) in ("none", "ask")


def test_a_signature_under_a_mail_is_no_digital_one() -> None:
    assert taken_for("メールの署名欄に会社のロゴを入れたい") == "none"


@pytest.mark.parametrize("text", ["", " \n", "😀😀", "🙏", "\ud800", "\x00", "\u202e\u2066", "<!channel>"])
def test_text_that_says_nothing_belongs_to_nothing(text: str) -> None:
    recognition = recognised(text)
    assert (recognition.decision, recognition.about, recognition.language) == ("none", "other", None)


@pytest.mark.parametrize(
    "text",
    [
        "ホテルのWi-Fiでセキュリティ証明書の名前が一致しませんと出ます",
        "Wi-Fiを変えたらセキュリティ証明書の名前が無効であるかサイト名と一致しませんと出ます",
    ],
)
def test_where_one_is_connected_is_no_other_program(text: str) -> None:
    assert taken_for(text) == "name_mismatch"


def test_the_words_that_are_shown_do_not_end_within_a_verb() -> None:
    assert recognised("署名用証明書の期限が切れました。Outlookです").words == ("証明書の期限が切れました",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Thunderbird で送るとこの画面になります", ("Thunderbird",)),
        ("It comes up in Firefox", ("Firefox",)),
        ("VPN につなぐと出ます", ("VPN",)),
        ("VPN の証明書です", ("VPN",)),
        ("Thunderbird ではなく Outlook です", ()),
        ("Thunderbird では問題なく送れます", ()),
        ("Outlook と Chrome の両方で出ます", ()),
        ("自宅の Wi-Fi で出ます", ()),
        ("I see it on the hotel wifi", ()),
        ("このエラーが出ました", ()),
    ],
)
def test_a_message_names_another_program_unless_it_is_well_or_outlook_is_meant(
    text: str, named: tuple[str, ...]
) -> None:
    assert recognised(text).other_programs == named
