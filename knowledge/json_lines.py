"""Files of one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Row = TypeVar("Row", bound=BaseModel)


def json_lines(lines: Iterable[str], row: type[Row], bad: type[Exception]) -> Iterator[tuple[int, Row]]:
    """Each line's object, with the number of the line; empty lines are passed over.

    Raises `bad`, with the number of the line and what is wrong there, and not what stands in it.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, row.model_validate(json.loads(line))
        except json.JSONDecodeError as wrong:
            raise bad(f"line {number}: is not JSON ({wrong.msg}).") from None
        except ValidationError as wrong:
            fault = wrong.errors(include_url=False, include_context=False)[0]
            where = ".".join(map(str, fault["loc"])) or "the line"
            raise bad(f"line {number}, {where}: {fault['msg']}.") from None
