"""A company's rows on top of the built-in ones: what is replaced, added and switched off."""

from collections.abc import Mapping
from typing import Any

from knowledge.language_codes import FURTHER, NEEDED

BY_ID = frozenset({"option", "outcome", "like"})
"""Fields whose entries have ids of their own: a company's are laid on top one by one."""

CAN_BE_OFF = "error"
"""A row of this kind is switched off by `off = true`; a remedy by `never` in company.toml."""


def merged(before: Any, own: Any) -> Any:
    """A built-in row, or a part of one, with the company's on top.

    A text or a list is replaced whole, never mixed. A text in further languages only is no other text, but a
    translation of the built-in one. What a text carries beside its languages (an answer's `sets`) stays
    unless it is given anew.
    """
    if not (isinstance(before, Mapping) and isinstance(own, Mapping)):
        return own
    kept = dict(before)
    if own.keys() & set(NEEDED):
        kept = {key: value for key, value in before.items() if key not in (*NEEDED, *FURTHER)}
    for key, value in own.items():
        kept[key] = _field(key, before.get(key), value)
    return kept


def _field(key: str, before: Any, own: Any) -> Any:
    if not (isinstance(before, Mapping) and isinstance(own, Mapping)):
        return own
    if key in BY_ID:
        return {**before, **{id_: merged(before.get(id_), row) for id_, row in own.items()}}
    is_text = bool(before.keys() & set(NEEDED))
    return merged(before, own) if is_text else own
