"""What no text may ever advise, in either language, and the guarding sentences that it must not forbid.

Even where a vendor's page allows it: Yes on a server's certificate warning, trusting what was not verified,
TLS or an inspection switched off, confidential mail without encryption, a certificate or a profile deleted,
a password or key sent to somebody.
"""

import re
from collections.abc import Iterator

import pytest

from knowledge.rows import OUTLOOKS, Language
from tests.ladders import the_book
from tests.test_tables import VALUES

# An act up to its verb's stem; what follows decides whether the sentence advises it or warns of it.
ACTS: dict[Language, dict[str, str]] = {
    "ja": {
        "yes on a warning": r"はい[］」]?(?:ボタン)?[をで][^。、]{0,6}?(?:押|選|クリック|続|進)",
        "a warning ignored": r"警告[^。]{0,6}無視|無視して[^。]{0,8}(?:進|続|送)|警告[^。]{0,14}続行",
        "trust": r"常に信頼|証明書[をは][^。、]{0,8}信頼(?:し|する|済み)|信頼済みに",
        "a root installed": r"(?:ルート|認証局)[^。、]{0,12}(?:インストール|入れ|登録|追加|取り込)"
        r"|証明書[をも]ご?自分で[^。、]{0,4}(?:入れ|インストール)",
        "protection off": r"(?:TLS|SSL|接続の暗号化|検査|ウイルス対策|失効の確認)[^。、]{0,12}"
        r"(?:オフ|無効|止め|切[らりるっ]|外[さしすせ]|使わ)|暗号化の(?:種類|方法)[^。]{0,8}なし",
        "a deletion": r"(?:証明書|デジタル ?ID|プロファイル|秘密キー|秘密鍵)[^。]{0,14}?(?:削除|(?<!取り)消)",
        "unencrypted": r"暗号化しないで送信[］」]?[をで][^。]{0,4}?(?:押|選|クリック|送)"
        r"|暗号化(?:せず|しない|なし)[^。、]{0,6}送",
        "a secret sent": r"(?:パスワード|\.pfx|\.p12|秘密キー)[^。]{0,16}?(?:送(?!られ)[らりるっ]|貼|教え)",
    },
    "en": {
        "yes on a warning": r"\b(?:press|click|choose|select|answer)\b[^.]{0,20}\byes\b",
        "a warning ignored": r"\bignore\b[^.]{0,30}\bwarning|\b(?:continue|proceed|go on) anyway",
        "trust": r"\balways trust\b|\btrust (?:this|the|that) certificate|\bmark\b[^.]{0,12}\bas trusted",
        "a root installed": r"\b(?:install|import|add)\b[^.]{0,25}\b(?:root|authority)\b"
        r"|\binstall (?:a|the) certificate",
        "protection off": r"\b(?:turn|switch)\b.{0,30}\b(?:tls|ssl|inspection|antivirus|check)\b.{0,6}\boff"
        r"|\b(?:disable|turn off|switch off)\b[^.]{0,20}\b(?:tls|ssl|inspection|antivirus|check)\b"
        r"|\bwithout (?:tls|ssl)\b",
        "a deletion": r"\b(?:delete|remove|erase)\b.{0,25}\b(?:certificate|profile|digital id|private key)",
        "unencrypted": r"\b(?:press|click|choose)\b[^.]{0,20}\bsend unencrypted"
        r"|\bsend\b[^.]{0,40}\b(?:unencrypted|without encryption)",
        "a secret sent": r"\b(?:send|paste|tell)\b.{0,30}(?:\bpassword\b|\.pfx|\.p12)",
    },
}

# 押さずに, 消さないで, 入れません; and a list of them that is denied at its end: 入れたり…押したりしないで.
DENIED_JA = re.compile(
    r"[^。、]{0,9}(?:ない|ず|ません)|[^。、]{0,3}たり[^。]*(?:ない|ず|ません)|るかと聞かれ"
)
DENIED_EN = re.compile(r"\b(?:not|never|nobody|cannot|without|instead of)\b|n't\b", re.IGNORECASE)

# What only IT does may name these acts to the helpdesk, and say that IT does them.
FOR_IT = {"a root installed"}


def advises(text: str, language: Language) -> list[str]:
    """The forbidden acts that the text advises."""
    if language == "ja":
        return [
            name
            for sentence in re.split(r"[。！？\n]", text)
            for name, act in ACTS["ja"].items()
            if any(not DENIED_JA.match(sentence, found.end()) for found in re.finditer(act, sentence))
        ]
    return [
        name
        for sentence in re.split(r"(?<=[.!?])[\s*]+|\n", text)
        for name, act in ACTS["en"].items()
        if any(
            not DENIED_EN.search(sentence[: found.start()])
            for found in re.finditer(act, sentence, re.IGNORECASE)
        )
    ]


def advice(language: Language) -> Iterator[tuple[str, str, bool]]:
    """Every sentence that advises something, as people read it; the last says whether only IT reads it."""
    book = the_book()
    for id_, error in book.errors.items():
        yield f"error.{id_}", error.means[language], False
    for id_, question in book.questions.items():
        for words in (question.ask, question.how):
            if words:
                yield f"question.{id_}", words[language], False
    for id_, finding in book.findings.items():
        yield f"finding.{id_}", f"{finding.headline[language]}\n{finding.detail[language]}", False
    for id_, phrase in book.phrases.items():
        yield f"phrase.{id_}", phrase[language], id_.startswith("card_")
    for id_, remedy in book.remedies.items():
        for outlook in OUTLOOKS:
            for words in (remedy.title, remedy.note, remedy.after):
                if words:
                    yield f"remedy.{id_}", book.step(words, outlook, language, VALUES), False
            if remedy.next:
                yield f"remedy.{id_}.next", book.step(remedy.next, outlook, language, VALUES), True
            for step in remedy.steps(outlook):
                yield f"remedy.{id_} step", book.step(step, outlook, language, VALUES), False
                if step.warning:
                    yield f"remedy.{id_} warning", book.step(step.warning, outlook, language, VALUES), False


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_text_advises_what_is_never_to_be_advised(language: Language) -> None:
    wrong = {
        (place, text, act)
        for place, text, for_it in advice(language)
        for act in advises(text, language)
        if not (for_it and act in FOR_IT)
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("警告が出たら［はい］を押します", "yes on a warning"),
        ("「はい」をクリックして続けてください。", "yes on a warning"),
        ("警告は無視して送信してください", "a warning ignored"),
        ("この証明書を信頼するを選びます", "trust"),
        ("ルート証明書をインストールします", "a root installed"),
        ("証明書を自分で入れて、もう一度試します", "a root installed"),
        ("証明書をご自分で入れて、もう一度お試しください", "a root installed"),
        ("SSL をオフにして送ります", "protection off"),
        ("暗号化の種類を「なし」にします", "protection off"),
        ("ウイルス対策のメール検査を止めます", "protection off"),
        ("不要な証明書を削除します", "a deletion"),
        ("プロファイルを選んで［削除］を押します", "a deletion"),
        ("「暗号化しないで送信」を押します", "unencrypted"),
        ("急ぐときは暗号化せずに送ってください", "unencrypted"),
        ("パスワードを担当者に送ってください", "a secret sent"),
    ],
)
def test_such_japanese_advice_would_be_found(text: str, act: str) -> None:
    assert act in advises(text, "ja")


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Press *Yes* (はい) in the warning.", "yes on a warning"),
        ("You may ignore the warning.", "a warning ignored"),
        ("Choose “Always trust” and go on.", "trust"),
        ("Install the root certificate.", "a root installed"),
        ("Turn the mail inspection off.", "protection off"),
        ("Send once without TLS.", "protection off"),
        ("Delete the old certificate.", "a deletion"),
        ("Remove your profile and make a new one.", "a deletion"),
        ("Press *Send Unencrypted* (暗号化しないで送信).", "unencrypted"),
        ("Send us the .pfx and its password.", "a secret sent"),
    ],
)
def test_such_english_advice_would_be_found(text: str, act: str) -> None:
    assert act in advises(text, "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("警告の［はい］は押さずに、発行元を確かめましょう。", "ja"),
        ("［はい］を押さないでください。［いいえ］なら安全です。", "ja"),
        ("古い証明書は消さないでください。過去の暗号化メールを読むのに要ります。", "ja"),
        ("今のプロファイルは残すので、消さないでください。", "ja"),
        ("証明書を自分で入れたり、警告の［はい］を押したりしないでお待ちください。", "ja"),
        ("社外秘のメールでは、［暗号化しないで送信］を押さないでください。", "ja"),
        ("検査は止めず、証明書もご自分で入れずにお待ちください。", "ja"),
        ("ファイルとパスワードは、ここにも担当者にも送らないでください。", "ja"),
        ("「送信メッセージにデジタル署名を追加する」のチェックを外します", "ja"),
        ("この PC は、証明書の発行元を信頼していません。", "ja"),
        ("Please do not press *Yes* (はい) in the warning; *No* is safe.", "en"),
        ("Do not delete the old certificate: you need it.", "en"),
        ("Please do not switch the inspection off and do not install a certificate yourself.", "en"),
        ("Never send the file or its password.", "en"),
        ("Turn the setting for signing and encrypting off.", "en"),
    ],
)
def test_sentences_that_guard_are_allowed(text: str, language: Language) -> None:
    assert advises(text, language) == []
