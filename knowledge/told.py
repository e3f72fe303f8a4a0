"""What else a message tells: facts by the lists, an address, a server's name, an issuer."""

import re
from collections.abc import Mapping

from knowledge.concept_tables import FACTS
from knowledge.evidence import Evidence, Weighed
from knowledge.lexicon import Hit, denied
from knowledge.reading import Reading

_ADDRESS = re.compile(r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64}@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+", re.IGNORECASE)
_NAMED_AS_ADDRESS = re.compile(r"(?:address|アドレス|adresse|direccion|差出人)[^a-z0-9ぁ-ん]{0,4}$")
_SENDS_FROM = re.compile(r"['\"」』)]*(?:から|で送)")
_SAYS_OWN = re.compile(
    r"(?:send(?:ing)?(?: it| this| mails?)? (?:from|as)|my (?:e-?mail |mail )?address(?: is)?"
    r"|差出人(?:の?アドレス)?は|(?:私|自分|わたし)の(?:メー?ル)?アドレスは)[ :「『'\"<]{0,3}$"
)
_SAID_TO_SEND = re.compile(r"['\"」』)>]{0,2}(?:から送|で送)")
_HOST = re.compile(
    r"(?<![a-z0-9_@.\-/])(?:\*\.)?(?:[a-z0-9](?:[a-z0-9\-]{0,62})\.){1,6}[a-z]{2,18}(?![a-z0-9_@\-]|\.[a-z])"
)
_FILE = re.compile(
    r"\.(?:cer|crt|pem|pfx|p12|p7b|exe|pdf|png|jpe?g|docx?|xlsx?|pptx?|zip|msc|dll|ost|pst|html?|txt|csv|js)$|^(?:asp|ado|vb|paint)\.net$"
)
_LOST_DOT = re.compile(r"\.(?:[a-z0-9]*(?:co|or|ne|ac|go|ad|ed|lg|gr)[ji]p|ip)$")
"""What a reader of pictures makes of .co.jp: no name that there can be."""
_ISSUER = re.compile(
    r"(?:発行者|発行元|issued by|issuer|ausgestellt von|emis par)(?:名)?(?:は|が)?[ ]*[:=「\"' ][ ]*"
    r"(?P<name>(?!an? |itself\b|some)[^\n「」\"。]{2,80})"  # an authority that is not trusted has no name
)


_OR_BEHIND = re.compile(
    r"(?:て?(?:いる|る|た)?)(?:か(?![らどっも])|、?または|、?もしくは|、?あるいは|・|/)| or "
)
_OR_BEFORE = re.compile(
    r"(?:失効|無効|取り?消し?|切れ|revoked|invalid|expired)(?:ている)?(?:か|、?または|、?もしくは|・|/| or )"
    r"[^。]{0,6}$"
)

_OF_A_SERVER = (
    "name_mismatch",
    "untrusted_chain",
    "expired_or_revoked",
    "revocation_offline",
    "header",
    "",  # nothing but a vague word
)


def told_facts(reading: Reading, weighed: Weighed, used: list[Evidence]) -> Mapping[str, str]:
    """The facts that a message tells for certain: nothing denied, asked or contradicted."""
    facts: dict[str, str] = {}
    for fact, values in FACTS.items():
        said = {
            value
            for value in values
            if any(_holds(reading, fact, hit) for hit in reading.of(f"fact.{fact}.{value}"))
        }
        if len(said) == 1:
            facts[fact] = said.pop()
    if "new_certificate" in facts and facts.get("changed") == "new_pc" and facts["new_certificate"] == "no":
        del facts["new_certificate"]
    facts.update(_of_the_certificate(reading, used))
    if weighed.headers:  # only the warning about a server begins so
        facts["whose"] = "server"
    for evidence in used:
        for fact, value in evidence.sets:
            facts.setdefault(fact, value)
    if address := _address(reading, used):
        facts["address"] = address
    if server := _server_name(reading, weighed, used):
        facts["server_name"] = server
    if match := _ISSUER.search(reading.text):
        facts["issuer"] = _typed_issuer(reading, match)
    return facts


def _holds(reading: Reading, fact: str, hit: Hit) -> bool:
    if denied(reading.text, hit) and not hit.entry.endswith("(ない)"):
        return False
    after = reading.text[hit.end : hit.end + 14]
    if fact == "urgent":
        return "急ぎでは" not in reading.text and "急ぎません" not in reading.text
    if fact in ("network", "outlook"):
        works = any(0 <= fine.start - hit.end <= 14 for fine in reading.beside("guard.fine", hit.start))
        return not works and not re.match(r"(?:を|に)?(?:使って(?:い)?ない|して(?:い)?ない)", after)
    ends = reading.text[hit.end :].split("\n", 1)[0]
    # PC を替えたら出るようになった: for a change, たら tells what happened before.
    imagined = "方がいい|べき|れば|場合" if fact == "changed" else "方がいい|べき|たら|れば|場合"
    return not re.match(rf"(?:ん)?(?:です|ます|でしょう)?か[?。]|[^。\n]{{0,6}}(?:{imagined})", ends)


def _of_the_certificate(reading: Reading, used: list[Evidence]) -> dict[str, str]:
    """Whose certificate it is, and what of its dates, as far as the deciding words tell."""
    facts: dict[str, str] = {}
    certain = {one.concept for one in used if not _one_of_two(reading, one)}
    concepts = {one.concept for one in used}
    rows = {one.row for one in used}
    if rows == {"expired_or_revoked"}:
        if "what.expired" in certain and concepts == certain:
            facts["expired"] = "yes"
        if "what.revoked" in certain:
            facts["revoked"] = "yes"
        if "what.not_yet_valid" in certain and "what.expired" not in concepts:
            facts["not_yet_valid"] = "yes"
    if "expired" not in facts and any(denied(reading.text, hit) for hit in reading.of("what.expired")):
        facts["expired"] = "no"
    if not used:
        return facts
    whose = _whose(reading, used, rows)
    if whose:
        facts["whose"] = whose
    return facts


def _one_of_two(reading: Reading, one: Evidence) -> bool:
    """期限切れか失効, expired or not yet valid: it says two things and neither for certain."""
    return bool(_OR_BEHIND.match(reading.text, one.end)) or bool(
        _OR_BEFORE.search(reading.text, max(0, one.start - 16), one.start)
    )


def _whose(reading: Reading, used: list[Evidence], rows: set[str]) -> str | None:
    told = {value for one in used for fact, value in one.sets if fact == "whose"}
    if len(told) == 1:
        return told.pop()
    if rows == {"recipient_certificate"}:
        return "recipient"
    if rows <= {"no_certificate", "decrypt_failed"}:
        return "own"
    numbers = {reading.sentence(one.start) for one in used}
    near = {
        who
        for who in ("own", "server", "sender")
        for hit in reading.of(who)
        if reading.sentence(hit.start) in numbers or (who == "sender" and len(reading.sentence_starts) <= 4)
    }
    if "sender" in near:
        return "sender"
    if not near and reading.of("protection"):
        return "own"
    return near.pop() if len(near) == 1 else None


def _address(reading: Reading, used: list[Evidence]) -> str | None:
    """The address that Outlook quotes as the sender's, beside the words of a row about one's own; else the
    one that the person says they send from."""
    if "@" not in reading.text:
        return None
    for evidence in used:
        if evidence.row not in ("no_certificate", "name_mismatch", ""):
            continue
        for match in _ADDRESS.finditer(reading.text, max(0, evidence.start - 120), evidence.end + 160):
            before = reading.text[max(0, match.start() - 16) : match.start()]
            after = reading.text[match.end() : match.end() + 12]
            if _NAMED_AS_ADDRESS.search(before) or _SENDS_FROM.match(after):
                return _as_typed(reading, match)
    for match in _ADDRESS.finditer(reading.text):
        before = reading.text[max(0, match.start() - 32) : match.start()]
        after = reading.text[match.end() : match.end() + 6]
        if _SAYS_OWN.search(before) or _SAID_TO_SEND.match(after):
            return _as_typed(reading, match)
    return None


def _as_typed(reading: Reading, address: re.Match[str]) -> str:
    return str(_ADDRESS.findall(reading.normal.typed(*address.span()))[-1])


def _server_name(reading: Reading, weighed: Weighed, used: list[Evidence]) -> str | None:
    """The one host that is named with a server's certificate, or of several the one on a line of its own."""
    if not weighed.headers and not any(one.row in _OF_A_SERVER for one in used):
        return None
    if "." not in reading.text:
        return None
    hosts: dict[str, re.Match[str]] = {}
    alone = None
    for match in _HOST.finditer(reading.text):
        name = match.group()
        if _FILE.search(name) or _LOST_DOT.search(name) or name.startswith("*."):
            continue
        line_start = reading.text.rfind("\n", 0, match.start()) + 1
        line_end = reading.text.find("\n", match.end())
        line = reading.text[line_start : line_end if line_end >= 0 else len(reading.text)].strip()
        if line == name and len(reading.text) > len(name) + 2:
            alone = alone or match
        hosts.setdefault(name, match)
    chosen = alone or (next(iter(hosts.values())) if len(hosts) == 1 else None)
    return reading.normal.typed(*chosen.span()).rstrip(".") if chosen else None


def _typed_issuer(reading: Reading, match: re.Match[str]) -> str:
    name = reading.normal.typed(match.start("name"), match.end("name"))
    return re.split(r"(?:です|でした|と表示|と出|になっ|と書い|らしい|のよう|、|。)", name)[0].strip(
        " 　」』\"'"
    )
