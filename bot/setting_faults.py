"""Settings that are missing or not as they should be, in words of both languages; never with their values.

Pure: pydantic's own text would show the values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from knowledge.hours import BadHours


@dataclass(frozen=True)
class Fault:
    """One setting, and what is wrong with it."""

    name: str
    """In capitals, as it is set."""
    is_missing: bool
    reason: str
    """Where more is known than that its shape is wrong."""
    means: tuple[str, str]
    """What is to be put there and where to get it, in Japanese and in English."""


def faults_of(error: ValidationError, fields: Mapping[str, FieldInfo]) -> list[Fault]:
    """Each setting once, in the order in which they were read."""
    faults = {}
    for fault in error.errors(include_url=False, include_input=False):
        name = str(fault["loc"][0])
        reason = fault.get("ctx", {}).get("error")
        japanese, _, english = (fields[name].description or "").partition("\n")
        faults[name] = Fault(
            name.upper(),
            fault["type"] == "missing",
            str(reason) if isinstance(reason, BadHours) else "",
            (japanese, english),
        )
    return list(faults.values())


def told(faults: Sequence[Fault]) -> str:
    """All of them in one message."""
    lines = []
    for fault in faults:
        status = "未設定 / missing" if fault.is_missing else "形が違います / not as it should be"
        reason = f" ({fault.reason})" if fault.reason else ""
        lines.append("\n".join((f"{fault.name}: {status}{reason}", *fault.means)))
    heads = (
        f"設定を {len(faults)} 件直してください（環境変数か .env）。",
        f"Settings to mend (environment or .env): {len(faults)}.",
    )
    return "\n\n".join(("\n".join(heads), *lines))
