"""What is wrong with the shape of a row, field by field, in sentences for people who write tables."""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from knowledge.language_codes import NEEDED
from knowledge.rows import Words
from knowledge.suggestion import meant

HOW_AN_ID_IS_WRITTEN = "write it in small letters a-z, digits and _, beginning with a letter (at most 40)"
SETTINGS = ("desk", "remind_minutes", "incident_people", "incident_minutes")
"""What a company's row has from the settings, and its file does not."""


OF_SEVERAL = {"Company": ("hours", "time_zone")}
"""Which fields a fault of the row as a whole is about, where it can be told."""


def misshapen(errors: Iterable[ErrorDetails], shape: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The fields that are wrong and a sentence for each; the field is empty for the row as a whole.

    `errors` are those of pydantic for something that should have this shape.
    """
    several: dict[str, list[str]] = {}
    for error in errors:
        field, sentence = (
            _field(error["loc"] or OF_SEVERAL.get(shape.__name__, ())[:1]),
            _sentence(error, shape),
        )
        if sentence not in several.setdefault(field, []):
            several[field].append(sentence)
    for field, sentences in several.items():
        yield field, " ".join(sentences)


def _field(loc: tuple[int | str, ...]) -> str:
    """`case 3 when.changed`, `step 2 ja`, `title.en`."""
    out = ""
    for part in loc:
        if part == "[key]" or (isinstance(part, str) and part.startswith("function-")):
            continue
        if isinstance(part, int):
            out += f" {part + 1}"
        else:
            out += part if not out else f" {part}" if out[-1].isdigit() else f".{part}"
    return out


def _sentence(error: ErrorDetails, shape: type[BaseModel]) -> str:
    context, given = error.get("ctx", {}), error.get("input")
    match error["type"]:
        case "missing":
            is_language = error["loc"][-1] in NEEDED and isinstance(given, Mapping)
            return "is missing; every text needs ja and en." if is_language else "is missing."
        case "extra_forbidden":
            known = _keys(shape, error["loc"][:-1])
            near = meant(str(error["loc"][-1]), known)
            return "is not a known key." + (near or (f" Known are {_listed(known)}." if known else ""))
        case "string_type":
            return _no_text(given)
        case "string_pattern_mismatch" if "https" in context["pattern"]:
            return f"must be an address that begins with https://, not “{given}”."
        case "string_pattern_mismatch" if error["loc"][-1:] != ("ja",) and "a-z" in context["pattern"]:
            return f"“{given}” is no id: {HOW_AN_ID_IS_WRITTEN}."
        case "string_pattern_mismatch" | "string_too_short":
            return "is empty. Write a text, or take the line out."
        case "string_too_long":
            return f"is too long: {len(str(given))} characters, at most {context['max_length']}."
        case "literal_error":
            known = [part.strip("'") for part in context["expected"].replace(" or ", ", ").split(", ")]
            return f"“{given}” is not possible here; it can be {_listed(known)}." + meant(str(given), known)
        case "int_parsing" | "int_type" | "int_from_float":
            return "must be a whole number without quotes, such as 5."
        case "greater_than_equal" | "less_than_equal":
            limit = context.get("ge", context.get("le"))
            return f"is {given}; it must be {'at least' if 'ge' in context else 'at most'} {limit}."
        case "bool_parsing" | "bool_type":
            return "must be true or false, in small letters and without quotes."
        case str(kind) if kind.startswith("date"):
            return "must be a day that there is, written as 2026-11-24 without quotes."
        case "tuple_type" | "list_type":
            return 'must be a list of texts, such as ["期限切れ", "expired"].'
        case "model_type" | "model_attributes_type" | "mapping_type" | "dict_type":
            return _no_table(error["loc"], shape)
        case "too_long":
            return f"has {context['actual_length']} entries; at most {context['max_length']}."
        case "too_short":
            return "is empty; at least one is needed."
        case "value_error":
            return f"{error['msg'].removeprefix('Value error, ')}."
        case _:
            return f"{error['msg']}."


def _no_text(given: Any) -> str:
    match given:
        case bool():
            said = "yes" if given else "no"
            return f'must be a text in quotes, such as "{said}", not {str(given).lower()}.'
        case int() | float():
            return f'must be a text in quotes: "{given}".'
        case Mapping():
            return 'must be one text in quotes, such as title.ja = "…".'
        case list() | tuple():
            return "must be one text in quotes, not a list."
        case _:
            return "must be a text in quotes."


def _no_table(loc: tuple[int | str, ...], shape: type[BaseModel]) -> str:
    inside = _inside(shape, loc)
    if inside is not None and issubclass(inside, Words):
        name = _field(loc) or "title"
        return f'needs both languages: {name}.ja = "…" and {name}.en = "…".'
    return "must be a table: names with = and their values between { and }."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _keys(shape: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that are known at this place of a row."""
    inside = _inside(shape, loc)
    if inside is None:
        return []
    hidden = (*SETTINGS, "more") if inside.__name__ == "Company" else ("more",)
    return [field.alias or name for name, field in inside.model_fields.items() if name not in hidden]


def _inside(kind: Any, loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The shape of what stands at a place inside a row."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _inside(get_args(kind)[0], loc)
    if origin in (Union, UnionType):
        return next((found for one in get_args(kind) if (found := _inside(one, loc))), None)
    if origin is Literal or kind is type(None):
        return None
    if isinstance(origin, type) and issubclass(origin, (Mapping, tuple)):
        return _inside(get_args(kind)[1 if issubclass(origin, Mapping) else 0], loc[1:]) if loc else None
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return None
    if not loc:
        return kind
    field = kind.model_fields.get(str(loc[0])) or kind.model_fields.get(f"{loc[0]}_")
    return _inside(field.annotation, loc[1:]) if field else None
