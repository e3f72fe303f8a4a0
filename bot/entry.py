"""The dialog of the slash command: how it is drawn, what was entered, what is wrong with it. PURE.

Sources: https://docs.slack.dev/reference/views/modal-views, …/block-kit/blocks/input-block and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload (`view.state.values`).
"""

from collections.abc import Mapping
from typing import Any

from bot.accepted import Submitted
from bot.exposed import secret
from bot.limits import units
from bot.typed import host_name, mail_address
from knowledge.book import Book
from knowledge.rows import LANGUAGES, Language

Json = Mapping[str, Any]

# The dialog's callback_id, and the action_id of each of its inputs; the inputs' block_ids are their names.
DIALOG = "certhelp"
ENTERED = "entered"
TEXT, SERVER, ADDRESS = "text", "server", "address"

# Characters; Slack takes no more in one input.
TEXT_AT_MOST = 3000
# RFC 1035 2.3.4 and RFC 5321 4.5.3.1.3: no name and no address is longer.
SERVER_AT_MOST = 253
ADDRESS_AT_MOST = 254


def dialog(book: Book, language: Language, text: str) -> dict[str, Any]:
    """The dialog, the text that was typed after the command already in it."""

    def plain(name: str) -> dict[str, Any]:
        return {"type": "plain_text", "text": book.say(name, language), "emoji": False}

    def asked(name: str, at_most: int, **more: Any) -> dict[str, Any]:
        element = {"type": "plain_text_input", "action_id": ENTERED, "max_length": at_most} | more
        return {
            "type": "input",
            "block_id": name,
            "optional": True,
            "label": plain(f"dialog_{name}"),
            "hint": plain(f"dialog_{name}_hint"),
            "element": element,
        }

    typed = {"initial_value": _cut(text)} if text.strip() else {}
    return {
        "type": "modal",
        "callback_id": DIALOG,
        "private_metadata": language,
        "title": plain("dialog_title"),
        "submit": plain("dialog_submit"),
        "close": plain("dialog_close"),
        "blocks": [
            asked(TEXT, TEXT_AT_MOST, multiline=True, focus_on_load=True, **typed),
            asked(SERVER, SERVER_AT_MOST),
            asked(ADDRESS, ADDRESS_AT_MOST),
        ],
    }


def entered(view: Json) -> dict[str, Any]:
    """What stands in the dialog that was sent, by the names that Submitted has for it."""
    values = view["state"]["values"]

    def typed(name: str) -> str:
        value = ((values.get(name) or {}).get(ENTERED) or {}).get("value") or ""
        return str(value).strip()

    language = view.get("private_metadata")
    return {
        "language": language if language in LANGUAGES else "ja",
        TEXT: typed(TEXT),
        SERVER: typed(SERVER),
        ADDRESS: typed(ADDRESS),
    }


def faults(sent: Submitted, book: Book) -> dict[str, str]:
    """What is wrong with the dialog, by block_id; empty if nothing is."""
    found = {}
    if not (sent.text or sent.server or sent.address):
        found[TEXT] = book.say("dialog_empty", sent.language)
    if sent.server and host_name(sent.server) is None:
        found[SERVER] = book.say("dialog_no_server", sent.language)
    if sent.address and mail_address(sent.address) is None:
        found[ADDRESS] = book.say("dialog_no_address", sent.language)
    for name, typed in ((TEXT, sent.text), (SERVER, sent.server), (ADDRESS, sent.address)):
        if secret(typed):
            found[name] = book.say("form_secret", sent.language)
    return found


def facts(sent: Submitted) -> dict[str, str]:
    """The facts that the person told in the dialog, beside the error's text."""
    told = {"server_name": host_name(sent.server), "address": mail_address(sent.address)}
    return {name: value for name, value in told.items() if value}


def _cut(text: str) -> str:
    """As much of the text as an input holds."""
    while units(text) > TEXT_AT_MOST:
        text = text[: TEXT_AT_MOST - (units(text) - len(text))] if len(text) > TEXT_AT_MOST else text[:-1]
    return text
