"""Slack's words for a token that it does not take, and what to do about each.

Pure: words alone. Sources: https://docs.slack.dev/reference/methods/auth.test and
https://docs.slack.dev/reference/methods/apps.connections.open, "Errors".
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Kind = Literal["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]


class Refusal(NamedTuple):
    """What is wrong with a token, and its cure, in both languages."""

    ja: str
    en: str
    cure_ja: str
    cure_en: str


_WHERE: Mapping[Kind, tuple[str, str]] = {
    "SLACK_BOT_TOKEN": (
        "api.slack.com/apps → アプリ → OAuth & Permissions → Bot User OAuth Token（xoxb-…）",
        "api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token (xoxb-…)",
    ),
    "SLACK_APP_TOKEN": (
        "api.slack.com/apps → アプリ → Basic Information → App-Level Tokens（xapp-…）",
        "api.slack.com/apps → your app → Basic Information → App-Level Tokens (xapp-…)",
    ),
}
_COPY = ("のトークンを {name} に入れ直してください", ": copy that token into {name}")
_REINSTALL = (
    "api.slack.com/apps → アプリ → Install App でワークスペースに入れ直し、"
    "新しいトークンを {name} に入れてください",
    "api.slack.com/apps → your app → Install App: install it again and copy the new token into {name}",
)
_NEW_APP_TOKEN = (
    "api.slack.com/apps → アプリ → Basic Information → App-Level Tokens で、権限 connections:write を付けた"
    "トークンを作り、{name} に入れてください",
    "api.slack.com/apps → your app → Basic Information → App-Level Tokens: make one with the scope "
    "connections:write and copy it into {name}",
)

_GONE: Mapping[str, tuple[str, str]] = {
    "token_revoked": ("取り消されています", "was revoked"),
    "token_expired": ("期限が切れています", "has expired"),
    "account_inactive": (
        "使えません。アプリがワークスペースから外されたか、ワークスペースが止められています",
        "is of an app that was removed from the workspace, or of a workspace that is closed",
    ),
    "user_removed_from_team": (
        "使えません。アプリがワークスペースから外されています",
        "is of an app that was removed from the workspace",
    ),
    "team_disabled": ("使えません。ワークスペースが止められています", "is of a workspace that is closed"),
}
_WRONG: Mapping[str, tuple[str, str]] = {
    "invalid_auth": (
        " Slack の知らないものです。写し間違いか、別のアプリのものです",
        "is unknown to Slack: copied wrongly, or of another app",
    ),
    "not_authed": ("空です", "is empty"),
    "not_allowed_token_type": ("別の種類のものです", "is of another kind"),
}
_LACKS = ("権限 connections:write を持っていません", "lacks the scope connections:write")


def refusal(name: Kind, word: str) -> Refusal | None:
    """What Slack's word says of this token, and the cure; None where it says nothing of the token."""
    if name == "SLACK_APP_TOKEN" and (word == "missing_scope" or word in _GONE):
        said, cure = _GONE.get(word, _LACKS), _NEW_APP_TOKEN
    elif word in _GONE:
        said, cure = _GONE[word], _REINSTALL
    elif word in _WRONG:
        said = _WRONG[word]
        cure = (_WHERE[name][0] + _COPY[0], _WHERE[name][1] + _COPY[1])
    else:
        return None
    return Refusal(
        f"{name} は{said[0]}（{word}）",
        f"{name} {said[1]} ({word})",
        cure[0].format(name=name),
        cure[1].format(name=name),
    )
