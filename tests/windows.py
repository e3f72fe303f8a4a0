"""The usual windows about a certificate, with Outlook's own lines."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """One of the usual windows, and the row that its text belongs to (None: none of ours)."""

    title: str
    lines: tuple[str, ...]
    """✓ or ✗ first: a Security Alert's mark is drawn before the line; ! first: the yellow sign."""
    buttons: tuple[str, ...]
    row: str | None


_HEADER = "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。"
_HEADER_EN = "The server you are connected to is using a security certificate that cannot be verified."
_USE = "このサーバーの使用を続けますか?"
_YES_NO = ("はい(Y)", "いいえ(N)")
_YES_NO_EN = ("Yes", "No")
_VIEW = "証明書の表示(V)..."

WINDOWS: Mapping[str, Window] = {
    "name": Window(
        "インターネット セキュリティ警告",
        ("!" + _HEADER, "対象のプリンシパル名が間違っています。", _VIEW, _USE),
        _YES_NO,
        "name_mismatch",
    ),
    "name_en": Window(
        "Internet Security Warning",
        (
            "!" + _HEADER_EN,
            "The target principal name is incorrect.",
            "View Certificate...",
            "Do you want to continue using this server?",
        ),
        _YES_NO_EN,
        "name_mismatch",
    ),
    "expired": Window(
        "インターネット セキュリティ警告",
        (
            "!" + _HEADER,
            "必要な証明書の有効期間が、現在のシステム クロックまたは署名されたファイルのタイムスタンプで確認"
            "すると有効期間内ではありません。",
            _VIEW,
            _USE,
        ),
        _YES_NO,
        "expired_or_revoked",
    ),
    "chain": Window(
        "インターネット セキュリティ警告",
        (
            "!" + _HEADER,
            "証明書チェーンは処理されましたが、信頼プロバイダーが信頼していないルート証明書で強制終了しました。",
            _VIEW,
            _USE,
        ),
        _YES_NO,
        "untrusted_chain",
    ),
    "revocation": Window(
        "インターネット セキュリティ警告",
        (
            "!" + _HEADER,
            "失効サーバーがオフラインのため、失効の関数は失効を確認できませんでした。",
            _VIEW,
            _USE,
        ),
        _YES_NO,
        "revocation_offline",
    ),
    "sign": Window(
        "Microsoft Outlook",
        (
            "!電子メール アドレス 'hanako.sato@example.co.jp' からの送信に使用できる証明書がないため、"
            "Microsoft Outlook でこのメッセージに署名または暗号化することはできません。",
            "このアカウントで使用する新しいデジタル ID を取得するか、証明書があるアカウントを使用して"
            "メッセージを送信してください。",
        ),
        ("OK",),
        "no_certificate",
    ),
    "sign_en": Window(
        "Microsoft Outlook",
        (
            "!Microsoft Outlook cannot sign or encrypt this message because there are no certificates which "
            "can be used to send from the e-mail address 'hanako.sato@example.co.jp'. Either get a new "
            "digital ID to use with this account, or use the Accounts button to send the message using an "
            "account that you have certificates for.",
        ),
        ("OK",),
        "no_certificate",
    ),
    "alert": Window(
        "セキュリティの警告",
        (
            "autodiscover.example.co.jp",
            "このサイトと取り交わす情報は、ほかの人から読み取られたり変更されたりすることはありません。しかし、"
            "このサイトのセキュリティ証明書には問題があります。",
            "✓このセキュリティ証明書は、信頼された証明機関から発行されています。",
            "✓このセキュリティ証明書の日付は有効です。",
            "✗セキュリティ証明書の名前が無効であるか、またはサイト名と一致しません。",
            "続行しますか?",
        ),
        (*_YES_NO, "証明書の表示(V)"),
        "name_mismatch",
    ),
    "alert_en": Window(
        "Security Alert",
        (
            "mail.example.co.jp",
            "Information you exchange with this site cannot be viewed or changed by others. However, there "
            "is a problem with the site's security certificate.",
            "✓The security certificate is from a trusted certifying authority.",
            "✗The security certificate has expired or is not yet valid.",
            "✓The name on the security certificate matches the name of the site.",
            "Do you want to proceed?",
        ),
        (*_YES_NO_EN, "View Certificate"),
        "expired_or_revoked",
    ),
    "certificate": Window(
        "証明書",
        (
            "証明書の情報",
            "この CA ルート証明書は信頼されていません。信頼を有効にするにはこの証明書を信頼されたルート"
            "証明機関のストアにインストールしてください。",
            "発行先: mail.example.co.jp",
            "発行者: Example Private CA",
            "有効期間 2025/04/01 から 2027/04/01",
        ),
        ("証明書のインストール(I)...", "OK"),
        "untrusted_chain",
    ),
    "recipients_en": Window(
        "Encryption Problems",
        (
            "!Microsoft Outlook had problems encrypting this message because the following recipients had "
            "missing or invalid certificates, or conflicting or unsupported encryption capabilities:",
            "taro.suzuki@partner.example",
            "Continue will encrypt and send the message but the listed recipients may not be able to read "
            "it.",
        ),
        ("Send Unencrypted", "Continue", "Cancel"),
        "recipient_certificate",
    ),
    "decrypt": Window(
        "Microsoft Outlook",
        ("!このアイテムを開けません。基になるセキュリティ システムでデジタル ID 名が見つかりませんでした。",),
        ("OK",),
        "decrypt_failed",
    ),
    "full": Window(
        "Microsoft Outlook",
        ("!メールボックスがいっぱいです。メッセージを送信するには、不要なアイテムを削除してください。",),
        ("OK",),
        None,
    ),
}
