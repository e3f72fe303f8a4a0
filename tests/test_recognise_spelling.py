"""However it is typed: width, case, spaces, Slack's mark-up, slips, error codes in any spelling."""

import pytest

from knowledge.codes import find_codes
from knowledge.normalise import normalise
from knowledge.spelling import Spelling
from tests.recognising import concepts, recognised, taken_for


@pytest.mark.parametrize(
    ("read", "row"),
    [
        ("対象のブリンシハル名が間違っています。", "name_mismatch"),
        ("この証明書チェーンは、信積されていない機間によって発行されました。", "untrusted_chain"),
        ("このアイテムを署名または略号化するための証明畫がありません", "no_certificate"),
        ("デジタルD名が見つからないため、このアイテムを開けません。", "decrypt_failed"),
        ("セキュリティ証朋書の有效期限が切れています", "expired_or_revoked"),
    ],
)
def test_what_a_reader_makes_of_a_bad_photograph_is_understood(read: str, row: str) -> None:
    assert taken_for(read) == row


@pytest.mark.parametrize(
    "read",
    [
        "MicrosoftOutlookcannotsignorencryptthismessagebecausetherearenocertificateswhichcanbeusedtosend"
        "fromthee-mailaddress'ken.ito@example.com'.",
        "MicrosoftOutlook cannotsign orencryptthis message becausethere are nocertificates whichcanbe "
        "usedtosend from the e-mailaddress'ken.ito@example.com'.",
    ],
)
def test_lost_blanks_are_found_again(read: str) -> None:
    recognition = recognised(read)
    assert recognition.row == "no_certificate"
    assert recognition.facts["address"] == "ken.ito@example.com"


@pytest.mark.parametrize("name", ["mailserver.example.co.jp", "certificate-mail.example.com"])
def test_a_hosts_name_is_never_parted(name: str) -> None:
    read = f"{name}\nThe target principal name is incorrect."
    assert recognised(read).facts["server_name"] == name


def test_a_host_without_its_dots_is_no_fact() -> None:
    facts = recognised("mailexamplecojp\n対象のプリンシパル名が間違っています。").facts
    assert not {"server_name", "address"} & facts.keys()


@pytest.mark.parametrize(
    "read",
    [
        "接続しているサーパーは、確話できないセキュリティ疑明度を使用しています。",
        "Theserveryouareconnectedtoisusingasecuritycertificatethatcannotbeverified.",
    ],
)
def test_the_header_alone_is_asked_about_however_it_is_read(read: str) -> None:
    assert taken_for(read) == "ask"
    assert recognised(read).facts["whose"] == "server"


@pytest.mark.parametrize(
    "text",
    ["説明書", "証明済み", "著名な人", "音声が聞けません", "共有助成", "消失助けて", "困難助けて"],
)
def test_an_ordinary_word_is_not_taken_for_a_misread_one(text: str) -> None:
    assert concepts().spelling.canonical(text)[0] == text


def test_a_variant_with_choices_is_each_of_them() -> None:
    spelling = Spelling({"証明書": ["[疑最]明[書度]", "照明書"]})
    for read in ("疑明書", "疑明度", "最明書", "最明度", "照明書"):
        assert spelling.canonical(f"この{read}は")[0] == "この証明書は"
    assert spelling.canonical("明書と疑明")[0] == "明書と疑明"


def test_a_look_alike_that_is_a_word_of_its_own_stays_one() -> None:
    assert taken_for("デジタルの名刺の証明書") != "decrypt_failed"


@pytest.mark.parametrize(
    "text",
    [
        "セキュリティ証明書の有効期限が切れています",
        "ｾｷｭﾘﾃｨ証明書の有効期限が切れています",
        "セキュリティ 証明書 の 有効期限 が 切れています",
        "セキュリテイ証明書の有効期限が切れています",
        "セキュリティ証明証の有効期限がきれています",
        "セキュリティしょうめいしょのゆうこうきげんがきれています",
        "セキュリティ証明書の有効期限が\n切れています",
        "ＴＨＥ　ＳＥＣＵＲＩＴＹ　ＣＥＲＴＩＦＩＣＡＴＥ　ＨＡＳ　ＥＸＰＩＲＥＤ",
        "the security certifcate has exipred",
        "セキュリティ証明書の有効期限が切れています\u200b",
        "セキュリティ証明書の有効期限が切れて\u200bいます",
    ],
)
def test_the_same_line_in_any_spelling(text: str) -> None:
    assert taken_for(text) == "expired_or_revoked"


def test_a_message_of_half_width_katakana_is_read() -> None:
    assert taken_for("ﾒｰﾙ ｼｮｳﾒｲｼｮ ｶﾞ ﾐﾂｶﾘﾏｾﾝ") == "no_certificate"


def test_katakana_that_a_text_recogniser_confuses_is_read() -> None:
    assert (
        taken_for("タ一ゲット プリンシパル名が間違っています。このサ一バ一の使用を続けますか?")
        == "name_mismatch"
    )


@pytest.mark.parametrize(
    "text",
    [
        "```\nThe target principal name is incorrect.\n```",
        "&gt; The target principal name is incorrect.",
        "<@U02ABC> *The target principal name is incorrect.* :cry:",
        "_The target principal name is incorrect._ <https://example.com|here>",
        "The target <!here> principal name is incorrect.",
    ],
)
def test_slacks_mark_up_does_not_hide_the_line(text: str) -> None:
    assert taken_for(text) == "name_mismatch"


def test_an_address_in_slacks_mark_up_is_an_address() -> None:
    text = (
        "there are no certificates which can be used to send from the email address "
        "'<mailto:user@example.co.jp|user@example.co.jp>'"
    )
    assert recognised(text).facts["address"] == "user@example.co.jp"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0x800B0109", "0x800B0109"),
        ("800b0109", "0x800B0109"),
        ("0X800b0109", "0x800B0109"),
        ("Ox8OOBO1O9", "0x800B0109"),
        ("0x800B0lO9", "0x800B0109"),
        ("０ｘ８００Ｂ０１０９", "0x800B0109"),
        ("-2146762487", "0x800B0109"),
        ("−2146762487", "0x800B0109"),
        ("2148204809", "0x800B0109"),
        ("CERT_E_UNTRUSTEDROOT", "0x800B0109"),
        ("0x800ccc0e", "0x800CCC0E"),
    ],
)
def test_a_code_in_any_spelling_is_the_code(typed: str, code: str) -> None:
    assert recognised(f"エラー {typed} が出ました").codes == (code,)


@pytest.mark.parametrize(
    "text", ["電話 080-0900-1234", "注文番号 80012345", "口座 1234567890", "2146762487円", "内線 80090"]
)
def test_an_ordinary_number_is_no_code(text: str) -> None:
    assert recognised(text).codes == ()


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("0x80090322", "name_mismatch"),
        ("0x800B010F", "name_mismatch"),
        ("0x80090325", "untrusted_chain"),
        ("0x800B010A", "untrusted_chain"),
        ("0x800B0112", "untrusted_chain"),
        ("0x800B010D", "untrusted_chain"),
        ("0x800B0107", "untrusted_chain"),
        ("0x80090328", "expired_or_revoked"),
        ("0x800B0101", "expired_or_revoked"),
        ("0x80092010", "expired_or_revoked"),
        ("0x800B010C", "expired_or_revoked"),
        ("0x80092012", "revocation_offline"),
        ("0x80092013", "revocation_offline"),
        ("0x800B010E", "revocation_offline"),
        ("0x8009200C", "decrypt_failed"),
        ("0x8009030E", "none"),
        ("0x80090327", "none"),
        ("0x800CCC1A", "none"),
        ("0x800CCC92", "none"),
    ],
)
def test_a_bare_code_gets_its_row_and_tells_no_language(code: str, row: str) -> None:
    recognition = recognised(code)
    assert (recognition.row or recognition.decision) == row
    assert recognition.language is None


def test_a_revoked_code_says_so() -> None:
    assert recognised("0x800B010C").facts["revoked"] == "yes"


def test_every_place_leads_back_to_the_characters_as_typed() -> None:
    text = "昨日から Ｏｕｔｌｏｏｋ で ｾｷｭﾘﾃｨ証明書の &amp; 期限が きれてる :cry:"
    normal = normalise(text, concepts().spelling, concepts().katakana)
    place = normal.text.index("切れて")
    assert normal.typed(place, place + 3) == "きれて"
    place = normal.text.index("outlook")
    assert normal.typed(place, place + 7) == "Ｏｕｔｌｏｏｋ"


def test_codes_are_found_in_order_of_place() -> None:
    found = find_codes("0x800b010f -2146762487", concepts().codes)
    assert [code.value for code in found] == ["0x800B010F", "0x800B0109"]
