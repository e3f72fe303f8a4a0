"""Who wrote a message that somebody else shows the bot: a colleague, or nobody whom the bot may write to.

Source: https://docs.slack.dev/reference/objects/user-object (`team_id`, `enterprise_user`, `is_bot`,
`deleted`, `is_stranger`) and https://docs.slack.dev/apis/slack-connect.
"""

from collections.abc import Collection

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import Refused, understood

# Slack's words for somebody who is not there (any more), or whom this app may not know.
LEFT = frozenset(
    {"user_not_found", "user_not_visible", "user_disabled", "users_not_found", "user_not_in_workspace"}
)


class Authors:
    """Asks Slack who somebody is."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    async def is_here(self, person: str) -> bool:
        """Whether there still is somebody with this id. Raises NotNow."""
        try:
            with understood():
                answer = await self._slack.users_info(user=person)
        except Refused as refused:
            return refused.reason not in LEFT
        return not (answer.get("user") or {}).get("deleted")

    async def is_colleague(self, person: str, home: Collection[str]) -> bool:
        """Whether this is a person, still there, and of the company; `home` are its workspace's and its
        organisation's ids. Raises NotNow."""
        try:
            with understood():
                answer = await self._slack.users_info(user=person)
        except Refused:
            return False
        user = answer.get("user") or {}
        if user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or person == "USLACKBOT":
            return False
        organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
        return user.get("team_id") in home or organisation in home
