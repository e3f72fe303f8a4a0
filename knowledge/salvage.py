"""What of a faulty row is right, so that all its faults are found at once."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from knowledge.misshapen import OF_SEVERAL, misshapen


def as_far_as_right(
    row: Mapping[str, Any], shape: type[BaseModel], instead: Mapping[str, Any]
) -> tuple[list[tuple[str, str]], Any]:
    """The faults of a row, and the row in its shape with what is at fault as it is in `instead`: so all that
    is right can be looked at further. None if that is not enough."""
    faults: list[tuple[str, str]] = []
    lost = False
    for _ in range(3):
        try:
            return faults, shape.model_validate(row)
        except ValidationError as bad:
            errors = _first_causes(bad.errors())
            if lost and not any(error["loc"] for error in errors):
                return faults, None  # it only follows from what is not there
            faults.extend(one for one in misshapen(errors, shape) if one not in faults)
            wrong: dict[str, set[int]] = {}
            for error in errors:
                loc = error["loc"] or OF_SEVERAL.get(shape.__name__, ())
                for name in loc[:1] if error["loc"] else loc:
                    places = wrong.setdefault(str(name), set())
                    places |= {loc[1]} if len(loc) > 1 and isinstance(loc[1], int) else {-1}
            lost = shape.__name__ not in OF_SEVERAL and bool(
                wrong.keys() & shape.model_fields - instead.keys()
            )
            row = _instead(row, wrong, instead)
    return faults, None


def _first_causes(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without a list that is too short only because its entries are wrong."""
    return [
        error
        for error in errors
        if error["type"] != "too_short" or not any(_is_inside(other, error) for other in errors)
    ]


def _is_inside(error: ErrorDetails, other: ErrorDetails) -> bool:
    size = len(other["loc"])
    return len(error["loc"]) > size and error["loc"][:size] == other["loc"]


def _instead(
    row: Mapping[str, Any], wrong: Mapping[str, set[int]], instead: Mapping[str, Any]
) -> dict[str, Any]:
    """The row without the wrong fields; of a list only the wrong entries are replaced."""
    out = {name: value for name, value in row.items() if name not in wrong}
    for name, places in wrong.items():
        other = instead.get(name)
        if -1 in places or not (isinstance(row.get(name), list) and isinstance(other, list) and other):
            out |= {name: other} if other is not None else {}
        else:
            out[name] = [other[0] if at in places else one for at, one in enumerate(row[name])]
    return out
