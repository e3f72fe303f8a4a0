"""The document's own words, in both languages, and what the blanks stand for in Japanese."""

from collections.abc import Mapping

from knowledge.rows import OUTLOOKS, Outlook, Risk
from knowledge.words import BLANKS

BLANKS_JA: Mapping[str, str] = {
    "address": "照らし合わせたアドレス",
    "addresses": "証明書にあるアドレス",
    "applicant": "申請する人",
    "at": "時刻",
    "case": "受付番号",
    "certificate_issuer": "会社: 証明書を発行する窓口",
    "company": "会社名",
    "contact": "会社: 担当者の連絡先",
    "count": "数",
    "date": "日付",
    "days": "日数",
    "detail": "続きの言葉",
    "emergency": "会社: 緊急の連絡先",
    "error": "エラーの名前",
    "expected": "返事の目安",
    "fact": "事実の名前",
    "file": "ファイル名",
    "hours": "会社: 受付時間",
    "issuer": "発行者の名前",
    "kind": "ファイルの種類",
    "minutes": "分",
    "who": "担当者の名前",
    "mark": "急ぎの度合いの印",
    "names": "証明書にある名前",
    "next": "次の一手",
    "not_after": "有効期間の終わり",
    "not_before": "有効期間の始まり",
    "option": "答え",
    "outcome": "対処の結果",
    "person": "だれか",
    "profile": "Slack のプロフィールのアドレス",
    "provider_host": "会社: 正しいサーバー名",
    "question": "質問",
    "reason": "理由",
    "remedy": "対処の名前",
    "renewal": "会社: 証明書の更新先",
    "revoked_at": "失効した日",
    "root": "ルート証明書の名前",
    "server": "メールサーバーの名前",
    "size": "大きさ",
    "source": "だれから聞いたか",
    "subject": "証明書の発行先",
    "title": "題名",
    "today": "今日の日付",
    "url": "Web のアドレス",
    "value": "値",
    "web_mail": "会社: Web 版のアドレス",
    "whose": "だれの証明書か",
    "words": "利用者の文の言葉",
}

RISKS: Mapping[Risk, tuple[str, str]] = {
    "none": ("なし", "none"),
    "low": ("小（本人が元に戻せる）", "low (the person can take it back)"),
    "policy": ("社内の決まりに関わる", "touches the company’s rules"),
    "data": ("データを失う・見えなくなるおそれ", "data could be lost or seem lost"),
    "admin": ("管理者の権限が要る", "needs administrator rights"),
}

DOERS: Mapping[str, tuple[str, str]] = {"user": ("利用者", "the employee"), "it": ("担当者", "IT")}

KINDS: Mapping[Outlook, tuple[str, str]] = {
    "classic": ("クラシック Outlook", "classic Outlook"),
    "new": ("新しい Outlook", "new Outlook"),
    "web": ("Web 版", "Outlook on the web"),
    "mac": ("Mac 版", "Outlook for Mac"),
}

# The groups in which the phrases stand, by how their ids begin; the first that fits.
GROUPS: tuple[tuple[tuple[str, ...], tuple[str, str]], ...] = (
    (("button_",), ("ボタン", "Buttons")),
    (("card_", "desk_", "outcome_", "list_"), ("担当者のカードとスレッド", "The helpdesk’s card and thread")),
    (("home_",), ("ホーム タブ", "The Home tab")),
    (("watch_",), ("証明書の期限のお知らせ", "Reminders of certificates")),
    (("incident_",), ("同じ症状が多いとき", "Many with the same trouble")),
    (("paused",), ("自動の案内を止めているとき", "While automatic help is paused")),
    (("default_",), ("会社の登録がないときの言い方", "Where company.toml is silent")),
    (
        ("reason_", "kind_", "source_", "language_", "use_", "verdict_"),
        ("差し込まれる言葉", "Words put into blanks"),
    ),
    (("",), ("会話", "The talk")),
)


def meaning(blank: str, language: str) -> str:
    """What a blank stands for, in words."""
    english = BLANKS.get(blank, blank)
    return BLANKS_JA.get(blank, english) if language == "ja" else english


def kinds_text(kinds: tuple[Outlook, ...], language: str) -> str:
    """Those kinds of Outlook, or that it is all of them."""
    if kinds == OUTLOOKS:
        return "どの Outlook でも" if language == "ja" else "any Outlook"
    names = [KINDS[kind][language != "ja"] for kind in kinds]
    return ("・" if language == "ja" else ", ").join(names)
