"""JSON, as it stands on Slack's wire."""

import json
from typing import Any

Json = dict[str, Any]
"""An object as Slack sends or takes it."""


def compact(value: object) -> str:
    """The value as JSON without blanks, in ASCII: so that half a surrogate pair does not stop it."""
    return json.dumps(value, separators=(",", ":"))
