"""What somebody probably meant to write."""

from collections.abc import Iterable
from difflib import get_close_matches

_OTHERWISE_CALLED = {
    "jp": "ja",
    "jpn": "ja",
    "japanese": "ja",
    "eng": "en",
    "english": "en",
    "button": "option",
    "buttons": "option",
    "remedy": "do",
    "text": "ja",
    "answer": "option",
    "answers": "option",
    "steps": "step",
    "cases": "case",
    "outcomes": "outcome",
    "time": "minutes",
    "disabled": "off",
    "delete": "off",
    "remove": "off",
}


def meant(typed: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” with the nearest of the known names; empty if none is near."""
    names = list(known)
    other = _OTHERWISE_CALLED.get(typed.lower())
    near = [other] if other in names else get_close_matches(typed.lower(), names, n=1, cutoff=0.6)
    return f" Did you mean “{near[0]}”?" if near else ""
