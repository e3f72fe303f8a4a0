"""What is said to a click that belongs to no conversation: the button is somebody else's, or too old."""

from collections.abc import Mapping
from typing import Any

from knowledge.rows import Language

ONLY_THE_OWNER: Mapping[Language, str] = {
    "ja": "このボタンに答えられるのは <@{owner}> さんだけです。ご自分の相談は、このアプリへの DM か、"
    "ここでこのアプリにメンションしてお書きください。",
    "en": "Only <@{owner}> can answer this. For a question of your own, write to this app in a direct "
    "message, or mention it here.",
}
EXPIRED: Mapping[Language, str] = {
    "ja": "この相談の記録はもう残っていないため、このボタンは使えなくなりました。"
    "お手数ですが、エラーの文をもう一度お書きください。すぐにご案内します。",
    "en": "The record of this conversation is no longer kept, so this button does not work any "
    "more. Please write the error once more and we will go on from there.",
}


def only_the_owner(owner: str, language: Language) -> dict[str, Any]:
    """Who may press this button; `owner` is a Slack user id."""
    return {"text": ONLY_THE_OWNER[language].format(owner=owner)}


def expired(language: Language) -> dict[str, Any]:
    """The conversation was erased, or there never was one."""
    return {"text": EXPIRED[language]}
