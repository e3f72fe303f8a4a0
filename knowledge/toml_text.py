"""The bytes of a TOML file -> its tables, or one sentence that says where it stops being TOML, and why."""

import re
import tomllib
from typing import Any

_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_LONGEST_SHOWN = 60
_QUOTES = "“”„‟＂〝〟「」『』"
_WIDE = {"＝": "=", "［": "[", "］": "]", "｛": "{", "｝": "}", "，": ",", "、": ",", "＃": "#", "．": "."}
_BARE = re.compile(r"[^,\]}#=]+")
_NUMBER_AT_THE_END = re.compile(r"=\s*(?P<value>\d\S*)\s*$")
_IN_QUOTES = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}")
_SAVE_AS = "Save it as UTF-8 (Notepad: File, Save as, Encoding: UTF-8; Excel and old editors write Shift-JIS)"


class NotToml(ValueError):
    """The bytes are no TOML; the sentence says what to change."""


def parse_toml(data: bytes) -> dict[str, Any]:
    """The tables of a file in UTF-8; Notepad's BOM is taken off. Raises NotToml."""
    text = _decoded(data)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as bad:
        raise NotToml(_in_plain_words(str(bad), text)) from None
    except RecursionError:
        raise NotToml("has too many brackets inside each other.") from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        raise NotToml(f"is UTF-16, not UTF-8. {_SAVE_AS}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = data[: bad.start].count(b"\n") + 1
        kind = "Shift-JIS, not UTF-8" if _is_shift_jis(data) else "not UTF-8"
        raise NotToml(f"is {kind} (line {line}). {_SAVE_AS}.") from None


def _is_shift_jis(data: bytes) -> bool:
    try:
        return any("\u3041" <= char <= "\u9fff" for char in data.decode("cp932"))
    except UnicodeDecodeError:
        return False


def _in_plain_words(message: str, text: str) -> str:
    place = _PLACE.search(message)
    bare = _PLACE.sub("", message)
    lines = text.split("\n")
    if place is None:
        # At the end of the document: something that began before was never ended.
        number, column, at_the_end = len(lines), 1, True
    else:
        number, column, at_the_end = int(place[1]), int(place[2]), False
    line = lines[number - 1].rstrip() if number <= len(lines) else ""
    if at_the_end:
        began = _three_quotes(lines) if "string" in bare else None
        if began:
            return f'line {began}: three quotes (""") are opened and never closed: write """ behind the text.'
        return f"line {number}: the file ends in the middle of something. Is a closing bracket missing?"
    why = _why(bare, line, column - 1, lines[:number])
    return f"line {number}: {why} The line is: {_short(line.strip())}"


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"


def _three_quotes(lines: list[str]) -> int | None:
    """The line of the last three quotes, if they were opened there and never closed."""
    with_quotes = [number for number, line in enumerate(lines, 1) if line.count('"""') % 2]
    return with_quotes[-1] if len(with_quotes) % 2 else None


def _why(message: str, line: str, column: int, before: list[str]) -> str:
    """The cause in words of somebody who writes texts, not programs; it ends with what to write."""
    outside = _IN_QUOTES.sub("", line).partition("#")[0]
    if "twice" in message or "overwrite" in message or "Duplicate" in message or "immutable" in message:
        return "this stands in the file already, and may stand only once. Take one of the two out."
    if found := next((char for char in outside if char in _QUOTES), None):
        return f'texts stand in straight quotes ("…"), not in {found}. Write " in half width.'
    if found := next((char for char in outside if char in _WIDE), None):
        return f"{found} is a full-width character. Write {_WIDE[found]} in half width."
    if "Unescaped" in message:
        return "a \\ in a text has to be written twice, or the text put between single quotes (')."
    if "Illegal character" in message or outside.count('"') % 2:
        return (
            'the closing quote (") is missing, or a " inside the text cuts it off (write 「」 or “” there).'
        )
    if "date" in message:
        return "there is no such day. Write a date as 2026-11-24, without quotes."
    value = _BARE.match(line, column) if "Invalid value" in message else None
    number = _NUMBER_AT_THE_END.search(outside) if "newline" in message else None
    if value or number:
        return _bare(value[0].strip() if value else number["value"] if number else "")
    if "array" in message or "inline table" in message:
        return _unclosed(message, before)
    if "end of a table declaration" in message or outside.count("[") != outside.count("]"):
        return "the closing bracket ] is missing."
    if "key part" in message or "Invalid statement" in message:
        return _name(line)
    if "Expected '='" in message:
        return 'between a name and its text stands =, such as title.ja = "…".'
    if "newline" in message:
        return (
            "only one entry may stand on a line: a line break is missing, something is left over at the end, "
            'or a " inside a text cuts it off (write 「」 or “” there).'
        )
    if re.search(r"=\s*$", outside):
        return 'nothing stands behind the =. Write a text in quotes ("…"), or take the line out.'
    return "this cannot be read. Texts stand in quotes, a name and its text are joined by =."


def _bare(value: str) -> str:
    if value.lower() in ("yes", "no", "on", "off", "true", "false"):
        small = value.lower()
        return f'{value}: an answer stands in quotes, "{small}"; a switch is true or false, in small letters.'
    if _DATE.match(value):
        return f"{_short(value)} is no day that there is. Write a date as 2026-11-24, without quotes."
    if value[0].isdigit():
        return f"{_short(value)} is no number. A number stands alone, as in minutes = 5; texts in quotes."
    return f'texts stand in quotes: write "{_short(value)}".'


def _unclosed(message: str, before: list[str]) -> str:
    bracket = "]" if "array" in message else "}"
    last = next((line.strip() for line in reversed(before[:-1]) if line.strip()), "")
    if bracket == "]" and last and not last.endswith((",", "[")) and not last.startswith("#"):
        return "a comma is missing at the end of the line before, or ] behind the list above."
    return f"a comma is missing between two entries, or {bracket} at the end."


def _name(line: str) -> str:
    if re.search(r"[{,]\s*}", line) or line.startswith("}"):
        return "a comma stands in front of }, or a { } goes over several lines; it has to stand on one."
    return "a name is small letters, digits and _, as in [error.vpn_profile]; texts stand in quotes."
