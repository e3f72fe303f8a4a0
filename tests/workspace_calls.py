"""Calls of the workspace's Web API that it refuses, for its tests."""

from collections.abc import Awaitable
from typing import Any

from slack_sdk.errors import SlackApiError

Json = dict[str, Any]


async def refusal(call: Awaitable[Any]) -> Json:
    """The body of the refusal; empty if the call was taken."""
    try:
        await call
    except SlackApiError as refused:
        answer: Json = refused.response.data
        return answer
    return {}


async def error(call: Awaitable[Any]) -> str:
    """The word for why it was refused; empty if the call was taken."""
    return str((await refusal(call)).get("error", ""))
