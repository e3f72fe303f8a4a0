"""Of a very long message, the parts that may matter: a mail thread of forty pages has one error in it."""

import re

LONGEST = 3_000
"""Characters that are read; the longest window with what people write around it has about 1,500."""

_AROUND = 350
_ANCHOR = re.compile(
    r"証明|しょうめい|ｼｮｳﾒｲ|署名|暗号|失効|プリンシ|ﾌﾟﾘﾝｼ|デジタル|ﾃﾞｼﾞﾀﾙ"
    r"|セキュリティ|ｾｷｭﾘﾃｨ|信頼され|期限切|Outlook|アウトルック"
    r"|certif|encrypt|decrypt|digital|principal|revo[ck]|trusted|zertifi|证书|憑證|인증서"
    r"|0x8|80(?:09|0B)|-21[0-9]{8}",
    re.IGNORECASE,
)


def excerpt(text: str) -> str:
    """The message itself up to `LONGEST` characters; of a longer one what is around words that matter."""
    if len(text) <= LONGEST:
        return text
    spans = [(0, _AROUND)]
    room = LONGEST - _AROUND
    for match in _ANCHOR.finditer(text):
        start, end = max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND)
        start = max(start, spans[-1][1])
        if end <= start:
            continue
        end = min(end, start + room)
        room -= end - start
        if start == spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        if not room:
            break
    return "\n".join(text[start:end] for start, end in spans)
