"""A call of the Web API: its arguments, read from a form or from JSON, and how it was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.workspace.refusal import Refused
from bot.workspace.wire import Json


@dataclass(frozen=True)
class Call:
    """A call that the app made, and how it was answered."""

    method: str
    arguments: Json
    error: str = ""
    """Slack's word for the refusal, or nothing."""


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call: strings where they came as a form, anything where they came as JSON."""

    given: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """A text, if it is given and not empty."""
        value = self.given.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise Refused("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
        return value or None

    def required(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if value is None:
            raise Refused("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """True or false, as JSON or as `1` or `true`."""
        return self.given.get(name) in (True, "1", "true", "True")

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 1 and `most`."""
        value = self.text(name) or str(default)
        if not value.isascii() or not value.isdigit():
            raise Refused("invalid_arguments", [f"must be an integer [json-pointer:/{name}]"])
        return max(1, min(int(value), most))

    def structure(self, name: str, error: str) -> Any:
        """A list or an object, as JSON or as a text that holds JSON; `error` refuses a broken text."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refused(error) from None


async def read(request: web.Request) -> tuple[str, Arguments]:
    """The token and the arguments of a request; raises Refused if its body cannot be read."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        given |= body
    elif request.method == "POST":
        form = await request.post()
        given |= {name: value for name, value in form.items() if isinstance(value, str)}
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = given.pop("token", "")
    return token if scheme.lower() == "bearer" else str(in_body), Arguments(given)
