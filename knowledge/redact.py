"""A message without what belongs to one person or one company, so that it may be kept and read by others."""

import re
import unicodedata
from collections.abc import Callable

LONGEST = 300
"""Characters that are kept of a message."""

_READ = 2_000
"""Characters that are looked at: what is cut off is never shown."""

_KANJI_NAME = r"[一-鿿々ヶァ-ヺー]"

# What IT needs, and what looks like a number or a name and is none: codes, products, methods.
_KEPT = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0Oo][xX][0-9A-Fa-fOo]{8}"
    r"|800[9BbCc][0-9A-Fa-fOo]{4}|8004(?=[0-9A-Fa-fOo]{0,3}[A-Fa-f])[0-9A-Fa-fOo]{4}"
    r"|-21\d{8}"
    r"|(?:Outlook|Office|Exchange(?: Server)?|Windows(?: Server)?|Microsoft) ?(?:20[0-3]\d|365|1[0-9]|[78])"
    r"|M365|KB[0-9]{6,8}|SHA-?(?:1|224|256|384|512)|AES-?(?:128|192|256)|3DES|RSA-?[1-4][0-9]{3}|UTF-?(?:8|16)|base64"
    r"|PKCS ?#?[0-9]{1,2}|X\.509|ASP\.NET|Wi-Fi|S/MIME"
    r")(?![0-9A-Za-z])",
    re.IGNORECASE,
)

_DOMAIN = r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}"
_TOP = r"[a-z][a-z0-9-]{1,23}"
_FILE_KINDS = (
    r"(?:cer|crt|der|pem|pfx|p12|p7[bcms]|key|msg|eml|pdf|png|jpe?g|heic|docx?|xlsx?|pptx?|zip|txt|csv|log)"
)
_CALLED = rf"(?:{_KANJI_NAME}{{1,8}}|[a-z][a-z'’.-]{{1,20}})"
_TITLE = r"(?:本部長|支店長|部長|課長|係長|次長|店長|社長|会長|専務|常務|主任|主査|先生)(?!代理?店)"
_NO_NAME = (
    r"(?:仕|同|模|多|有|異|客|皆|疲|先|奥|神|業者|担当者?|相手|取引先|得意先|管理者|情報?シス)"
    r"(?:様|さま|さん|氏|殿|先生)"
)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), placeholder)
    for pattern, placeholder in (
        # Slack's mark-up
        (r"<mailto:[^<>]*>", "‹address›"),
        (r"<tel:[^<>]*>", "‹number›"),
        (r"<[a-z][a-z+.-]{1,15}:[^<>]*>", "‹link›"),
        (r"<[@!][^<>]*>", "‹person›"),
        (r"<#[^<>]*>", "‹channel›"),
        # what was written for one's own eyes
        (
            r"(?P<said>(?:パスワード|暗証番号|pass(?:word|phrase|code)?|pin)\s*(?:は|が|:|=|is)\s*)[「『\"'“]?[!-~]{4,}",
            r"\g<said>‹secret›",
        ),
        # places
        (r"[a-z][a-z+.-]{1,15}://[!-;=?-~]+|(?<![\w.])www\.[!-;=?-~]+", "‹link›"),
        (r"(?:\\\\|(?<![a-z])[a-z]:\\)[^\s、。,;「」\"'<>|]+", "‹file›"),
        (r"/o=[^\n;、。]{1,200}", "‹name›"),
        (
            r"(?<![a-z])(?P<part>CN|OU|O|L|ST|S|DC|E|SN|GN|emailAddress|serialNumber)\s*=\s*[^,;/\n、。]{1,80}",
            r"\g<part>=‹name›",
        ),
        (rf"(?:[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}|\w{{1,30}})@(?:{_DOMAIN}|[\w.-]{{1,60}})", "‹address›"),
        (r"(?<![a-z0-9])[a-z0-9._-]{1,30}\\[a-z0-9._$-]{1,30}", "‹name›"),
        (rf"(?<![a-z0-9])[a-z0-9_-][a-z0-9._()-]{{0,80}}\.{_FILE_KINDS}(?![a-z0-9])", "‹file›"),
        (rf"[^\s!-~、。「」『』（）]{{1,12}}\.{_FILE_KINDS}(?![a-z0-9])", "‹file›"),
        # numbers
        (r"(?<![0-9a-z])[0-9a-f]{2}(?:[ :-][0-9a-f]{2}){3,63}(?![0-9a-z])", "‹number›"),
        (r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", "‹server›"),
        (r"(?<![\w:])(?=[0-9a-f:]{0,39}[0-9a-f])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", "‹server›"),
        (
            rf"(?<![a-z0-9_.-])(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{{0,62}})\.){{1,8}}{_TOP}(?![a-z0-9_-])",
            "‹server›",
        ),
        (r"(?<![a-z0-9+/_=-])(?=[a-z+/_=-]{0,80}\d)[a-z0-9+/_=-]{20,}", "‹number›"),
        (r"(?<![0-9a-z])(?=[a-f]{0,80}\d)[0-9a-f]{8,}(?![0-9a-z])", "‹number›"),
        (
            r"(?<![a-z0-9-])(?=[a-z-]{0,40}\d)(?=[\d-]{0,40}[a-z])[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){1,4}(?![a-z0-9-])",
            "‹server›",
        ),
        (r"(?<![a-z0-9])[a-z]{2,20}\d{2,}(?![a-z0-9])", "‹server›"),
        (r"\+?\(?\d(?:[ ()./-]{0,2}\d){6,}", "‹number›"),
        (r"\d{1,3}(?:,\d{3})+|\d{3,}", "‹number›"),
        # people and companies
        (
            r"(?P<said>(?:差出人|宛先|送信者|受信者|件名|発行先|\b(?:B?CC|From|To|Subject|Issued to))\s*:\s*)"
            r"[^\n‹]{1,80}",
            r"\g<said>‹name›",
        ),
        (
            rf"{_CALLED}(?: {_CALLED}){{0,2}} ?<(?=‹address›)",
            "‹name› <",
        ),
        (
            rf"(?:株式会社|有限会社|合同会社|\(株\)|\(有\))(?:{_KANJI_NAME}|[a-z]){{1,15}}"
            rf"|(?:{_KANJI_NAME}|[a-z]){{1,15}}(?:株式会社|有限会社|合同会社|\(株\)|\(有\))",
            "‹company›",
        ),
        (
            rf"(?<!{_KANJI_NAME})(?!{_NO_NAME})(?:{_KANJI_NAME}{{1,12}}|[a-z]{{2,16}})"
            r" ?(?=様(?![子々式])|さま|さん|くん|氏(?!名)|殿)",
            "‹name›",
        ),
        (rf"(?<!{_KANJI_NAME})(?!{_NO_NAME}){_KANJI_NAME}{{1,6}}?(?={_TITLE})", "‹name›"),
        (rf"(?<!{_KANJI_NAME})(?<!›){_KANJI_NAME}{{2,8}}(?=(?:から|宛て?|へ)の(?:メール|返信))", "‹name›"),
        (r"(?<![a-z])[a-z]{2,15}(?=-san\b)", "‹name›"),
        (r"(?<![ぁ-ん])(?!みな|たく|おく|おかあ|おとう)[ぁ-ん]{2,5}(?=様|さん(?!ざん))", "‹name›"),
        (rf"(?<=[部課室店所係社]の){_KANJI_NAME}{{1,8}}(?=です|でございます)", "‹name›"),
        (rf"{_KANJI_NAME}{{1,8}}(?=と申します|と申す)", "‹name›"),
        (
            r"(?P<said>\b(?-i:Mr|Ms|Mrs|Dr|Prof)\.? |\bmy name is |\b(?:hi|hello|dear|regards|thanks),? )"
            r"(?-i:[A-Z][a-z'’-]{1,20}(?: [A-Z][a-z'’-]{1,20})?)",
            r"\g<said>‹name›",
        ),
    )
)

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\uf8ff]+"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def redacted(text: str) -> str:
    """The message on one line of at most `LONGEST` characters, with ‹address›, ‹server›, ‹number›, ‹name› and
    the like for what could tell who or where; error codes and the names of products stay.

    It errs on the side of hiding: what looks like a name or a number is one.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text[:_READ]).translate(_DASHES))
    for pattern, placeholder in _RULES[:5]:  # before what Slack escaped is put back
        plain = pattern.sub(placeholder, plain)
    for entity, character in _ENTITIES:
        plain = plain.replace(entity, character)
    plain = " ".join(_between_kept(plain, _hidden).split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _hidden(text: str) -> str:
    for pattern, placeholder in _RULES:
        text = pattern.sub(placeholder, text)
    return text


def _between_kept(text: str, change: Callable[[str], str]) -> str:
    """The text changed, but for what is kept."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        return _mark(len(kept) - 1)

    changed = change(_KEPT.sub(keep, text))
    return _MARK.sub(lambda match: kept[ord(match.group()) - _FIRST_MARK], changed)


_FIRST_MARK = 0xE000
_MARK = re.compile("[\ue000-\uf8ff]")


def _mark(number: int) -> str:
    """A character of private use, which stands for something kept."""
    return chr(_FIRST_MARK + number)
