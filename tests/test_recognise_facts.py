"""What a message tells is kept, and only what it really says."""

import pytest

from tests.recognising import recognised

SIGN = "Outlookで署名すると証明書がないと出ます。"
DATE = "Outlookで証明書の期限が切れていると出ます。"
NAME = "Outlookで証明書の名前が一致しないと出ます。"


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        (SIGN + "昨日PCを入れ替えました。", "changed", "new_pc"),
        (SIGN + "署名を使った覚えがありません。", "changed", "never"),
        (SIGN + "設定は何も変えていません。", "changed", "nothing"),
        (SIGN + "スマホでは送れます。", "phone_works", "yes"),
        (SIGN + "大至急お願いします!", "urgent", "yes"),
        (SIGN + "署名は必要ありません。", "signing_needed", "no"),
        (SIGN + "署名が必須です。", "signing_needed", "yes"),
        (SIGN + "秘密キーがありません。", "private_key", "no"),
        (SIGN + "共有メールボックスから送っています。", "sending_as", "shared"),
        (DATE + "新しい証明書はもう受け取りました。", "new_certificate", "yes"),
        (DATE + "更新を申請中です。", "new_certificate", "waiting"),
        (DATE + "新しい証明書はまだもらっていません。", "new_certificate", "no"),
        (DATE + "PCの時計がずれていました。", "clock_wrong", "yes"),
        (DATE, "expired", "yes"),
        ("証明書は発行元に取り消されましたと出ます", "revoked", "yes"),
        ("証明書がまだ有効になっていないとOutlookに出ます", "not_yet_valid", "yes"),
        ("期限は切れていないのに、" + NAME, "expired", "no"),
        (NAME + "ホテルのWi-Fiからです。", "network", "public"),
        (NAME + "在宅勤務です。", "network", "home"),
        (NAME + "VPN接続中です。", "network", "office"),
        (NAME + "部署の人もみんな同じです。", "spread", "others"),
        (NAME + "自分だけです。", "spread", "me"),
        ("新しいOutlookです。" + NAME, "outlook", "new"),
        ("Outlook 2019です。" + NAME, "outlook", "classic"),
        ("Mac版Outlookです。" + NAME, "outlook", "mac"),
        ("I renewed my certificate but Outlook says it has expired", "changed", "renewed"),
        ("my cert expired. works fine on my phone", "phone_works", "yes"),
        ("The certificate used to sign this message has expired or is not valid", "whose", "sender"),
        ("受信したメールの署名の証明書が期限切れと出ます", "whose", "sender"),
        ("対象のプリンシパル名が間違っています。", "whose", "server"),
        ("相手の証明書がないので暗号化できません", "whose", "recipient"),
        ("there are no certificates which can be used to send from the email address", "whose", "own"),
    ],
)
def test_a_fact_that_is_told_is_known(text: str, fact: str, value: str) -> None:
    assert recognised(text).facts.get(fact) == value


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (SIGN + "PCは替えていません。", "changed"),
        (SIGN + "スマホでは送れますか?", "phone_works"),
        (SIGN + "急ぎではありません。", "urgent"),
        (NAME + "会社では出ません。", "network"),
        (NAME + "Web版のOutlookでは問題ありません。", "outlook"),
        (DATE + "時計は合っています。", "clock_wrong"),
        (SIGN, "expired"),
        (NAME, "revoked"),
        ("証明書が失効か期限切れですと出ます", "expired"),
        ("The certificate used to sign this message has expired or is not valid", "expired"),
        ("セキュリティ証明書の有効期限が切れているか、まだ有効になっていません。", "expired"),
        ("セキュリティ証明書の有効期限が切れているか、まだ有効になっていません。", "not_yet_valid"),
    ],
)
def test_what_is_denied_asked_or_works_elsewhere_is_no_fact(text: str, fact: str) -> None:
    assert fact not in recognised(text).facts


def test_the_address_that_outlook_quotes_is_kept_and_no_other() -> None:
    text = (
        "From: 山田 <yamada@partner.example>\n議事録をお送りします。\n\n"
        "Microsoft Outlook cannot sign or encrypt this message because there are no certificates which can "
        "be used to send from the email address 'Sato@example.co.jp'."
    )
    assert recognised(text).facts["address"] == "Sato@example.co.jp"


@pytest.mark.parametrize(
    "text",
    [
        "The mail certificate has expired. I send from Sato@example.co.jp",
        "certificate expired, says Outlook. My address is Sato@example.co.jp.",
        "証明書の期限が切れていると出ます。差出人は Sato@example.co.jp です",
        "期限切れの証明書と言われます。私のメールアドレスは「Sato@example.co.jp」",
        "Sato@example.co.jpから送ろうとすると、署名の証明書の有効期限が切れていると出ます",
    ],
)
def test_the_address_that_the_person_sends_from_is_kept(text: str) -> None:
    assert recognised(text).facts["address"] == "Sato@example.co.jp"


def test_an_address_that_is_only_mentioned_is_not_kept() -> None:
    assert "address" not in recognised("yamada@partner.example の件です。証明書がないと出ます").facts


def test_the_servers_name_of_a_security_alert_is_kept() -> None:
    text = (
        "セキュリティの警告\nautodiscover.example.co.jp\n"
        "セキュリティ証明書の名前が無効であるか、サイト名と一致しません。"
    )
    assert recognised(text).facts["server_name"] == "autodiscover.example.co.jp"


def test_of_two_servers_without_a_line_of_its_own_none_is_chosen() -> None:
    text = "mail.example.co.jp なのに sv1.hosting.example の証明書で、名前が一致しないと出ます"
    assert "server_name" not in recognised(text).facts


def test_an_issuer_without_a_name_is_none() -> None:
    for text in (
        "The certificate chain was issued by an authority that is not trusted.",
        "The security certificate was issued by a company you have not chosen to trust.",
    ):
        facts = recognised(text).facts
        assert facts.keys().isdisjoint({"issuer", "issuer_kind"})


def test_the_issuer_is_kept_as_typed() -> None:
    assert recognised(NAME + "\n発行者: ESET SSL Filter CA\n").facts["issuer"] == "ESET SSL Filter CA"
    assert recognised("Not trusted in Outlook. Issued by: Example CA G2").facts["issuer"] == "Example CA G2"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("証明書の期限が切れました", "ja"),
        ("my certificate has expired", "en"),
        ("これが出ました: The target principal name is incorrect.", "ja"),
        ("I get this: 対象のプリンシパル名が間違っています。 please help me", "en"),
        ("The target principal name is incorrect.", "en"),
        ("対象のプリンシパル名が間違っています。", "ja"),
        ("Der Zielprinzipalname ist falsch.", None),
        ("目标主体名称不正确。", None),
        ("대상 사용자 이름이 잘못되었습니다.", None),
        ("0x800B0109", None),
        ("mail.example.co.jp", None),
    ],
)
def test_the_language_is_that_of_the_persons_own_words(text: str, language: str | None) -> None:
    assert recognised(text).language == language
