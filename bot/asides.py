"""What is said beside all conversations, to one person alone: to who pressed somebody else's button, or too
old a one; who showed a message; who is of another company."""

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


ONLY_THE_HELPDESK: Mapping[Language, str] = {
    "ja": "このボタンを使えるのは、ヘルプデスクのチャンネルのメンバーだけです。",
    "en": "Only members of the helpdesk's channel can use this button.",
}
CASE_IS_GONE: Mapping[Language, str] = {
    "ja": "この相談の記録はもう残っていません（保存期間を過ぎたか、削除されました）。",
    "en": "The record of this case is no longer kept: it is too old, or was erased.",
}
NOT_SENT: Mapping[Language, str] = {
    "ja": "まだ送っていません。利用者に送れるのは、ヘルプデスクのチャンネルのメンバーだけです。"
    "参加したばかりのときは、少し待ってから、もう一度送ってください。",
    "en": "Nothing was sent yet: only members of the helpdesk's channel can write to the person. If you have "
    "just joined, please wait a moment and send it once more.",
}
WHICH_CASE: Mapping[Language, str] = {
    "ja": "どの相談への返信か分からないため、まだ送っていません。その相談のカードのスレッドで書くか、"
    "`>> C-1042 本文` のように受付番号を先に書いてください。",
    "en": "It is not clear which case this is for, so nothing was sent. Write it in the thread of the case's "
    "card, or begin with the case's number: `>> C-1042 your text`.",
}

ANOTHER_CASE: Mapping[Language, str] = {
    "ja": "{named} と書かれていますが、ここは {here} のスレッドなので、どちらの利用者にもまだ送っていません。"
    "{named} への返信は、そのカードのスレッドで書いてください。"
    "{here} への返信なら、番号で始めずに書いてください。",
    "en": "This begins with {named}, but this is the thread of {here}, so nothing was sent to either person. "
    "To answer {named}, write in the thread of its card; to answer {here}, do not begin with a number.",
}


def not_sent(language: Language) -> dict[str, Any]:
    """Who wrote to an employee does not belong to the helpdesk, or only since just now."""
    return {"text": NOT_SENT[language]}


def only_the_helpdesk(language: Language) -> dict[str, Any]:
    """Who pressed a button of a card belongs to nobody whom it is for."""
    return {"text": ONLY_THE_HELPDESK[language]}


def case_is_gone(language: Language) -> dict[str, Any]:
    """The case was erased."""
    return {"text": CASE_IS_GONE[language]}


def which_case(language: Language) -> dict[str, Any]:
    """A message in a thread of several cases names none."""
    return {"text": WHICH_CASE[language]}


def another_case(named: str, here: str, language: Language) -> dict[str, Any]:
    """A message in the thread of one case (`here`) begins with the number of another."""
    return {"text": ANOTHER_CASE[language].format(named=named, here=here)}


def only_the_owner(owner: str, language: Language) -> dict[str, Any]:
    """Who may press this button; `owner` is a Slack user id."""
    return {"text": ONLY_THE_OWNER[language].format(owner=owner)}


def expired(language: Language) -> dict[str, Any]:
    """The conversation was erased, or there never was one."""
    return {"text": EXPIRED[language]}


AUTHOR_TOLD: Mapping[Language, str] = {
    "ja": "お知らせありがとうございます。<@{author}> さんに、DM でご案内しました。",
    "en": "Thank you. I have written to <@{author}> in a direct message.",
}
ANSWERED_IN_TALK: Mapping[Language, str] = {
    "ja": "このアプリからの DM でお答えします。",
    "en": "I will answer you in a direct message.",
}
ANSWERED_BEFORE: Mapping[Language, str] = {
    "ja": "このメッセージについては、すでにご案内しています。",
    "en": "This message has been answered already.",
}
# Nothing is known of them, neither is their language; and they learn nothing of the company.
MEMBERS_ONLY = (
    "申し訳ありません。このアプリは、導入した会社のメンバーだけがご利用いただけます。 / "
    "I am sorry: this app is only for members of the company that runs it."
)


def author_told(author: str, language: Language) -> dict[str, Any]:
    """The person whose message it is (a Slack user id) was written to."""
    return {"text": AUTHOR_TOLD[language].format(author=author)}


def answered_in_talk(language: Language) -> dict[str, Any]:
    """The answer does not stand here."""
    return {"text": ANSWERED_IN_TALK[language]}


def answered_before(language: Language) -> dict[str, Any]:
    """Somebody showed this message before, or the bot heard it itself."""
    return {"text": ANSWERED_BEFORE[language]}


def members_only() -> dict[str, Any]:
    """To somebody of another company."""
    return {"text": MEMBERS_ONLY}
