"""The dialogs that buttons of a case open: how they are drawn, what was entered. PURE.

Sources: https://docs.slack.dev/reference/views/modal-views, …/block-kit/blocks/input-block and
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload (`view.state.values`).
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from bot.conversation import Conversation
from bot.cure import as_done
from bot.desk_events import CaseClosed, Desk, DeskAnswered
from bot.events import DetailsAdded, Event, WroteToDesk
from bot.exposed import secret
from bot.handing import it_actions
from bot.talk import step_values
from knowledge.book import Book
from knowledge.rows import LANGUAGES, Language

Json = Mapping[str, Any]

Form = Literal["reply", "ask", "close", "details", "write"]
FORMS: tuple[Form, ...] = get_args(Form)
OF_THE_DESK: tuple[Form, ...] = ("reply", "ask", "close")

# Every input's action_id; their block_ids are their names.
ENTERED = "entered"
CALLBACK = "form"

LONG, SHORT = 3000, 150  # characters
OPTIONS = 100
OPTION = 75
OTHER, UNKNOWN = "other", "unknown"  # no remedy has these names: they are words of their own


def form(name: Form, trouble: Conversation, book: Book, language: Language, about: str) -> dict[str, Any]:
    """The dialog; `about` is what the button carried."""
    drawing = Drawing(book, language)
    said = [drawing.small("form_for", case=trouble.case)]
    match name:
        case "reply" | "ask":
            blocks = [*said, drawing.field("text", f"form_{name}_text", multiline=True)]
            if not trouble.private:
                blocks.append(drawing.small("form_in_public"))
        case "write":
            blocks = [*said, drawing.field("text", "form_write_text", multiline=True)]
        case "close":
            blocks = [
                *said,
                drawing.menu("cure", cures(trouble, book, language), likely(trouble, book)),
                drawing.field("words", "form_words", optional=True, hint=True),
                drawing.field("tell", "form_tell", multiline=True, optional=True),
            ]
        case "details":
            handed = trouble.handed
            known = (handed.until, handed.reach, handed.computer) if handed else ("", "", "")
            names = ("until", "reach", "computer")
            fields = (
                drawing.field(one, f"form_{one}", optional=True, value=value, hint=True)
                for one, value in zip(names, known, strict=True)
            )
            blocks = [*said, *fields]
    return drawing.view(f"form_{name}_title", f"form_{name}_submit", name, about, blocks)


def told_instead(sentence: str, book: Book, language: Language) -> dict[str, Any]:
    """A dialog that only says something: why the one that was asked for does not open."""
    drawing = Drawing(book, language)
    return {
        "type": "modal",
        "title": drawing.plain("form_not_title"),
        "close": drawing.plain("form_not_close"),
        "blocks": [{"type": "section", "text": {"type": "plain_text", "text": sentence, "emoji": False}}],
    }


def entered(view: Json) -> dict[str, Any]:
    """What stands in the dialog that was sent, by the names that bot.accepted.Filled has for it.

    Raises LookupError or ValueError for what is none of these dialogs.
    """
    about = json.loads(view["private_metadata"])
    values = {}
    for name, block in view["state"]["values"].items():
        element = block.get(ENTERED) or {}
        chosen = element.get("selected_option") or {}
        picked = element.get("selected_date") or element.get("selected_time")
        values[str(name)] = str(chosen.get("value") or element.get("value") or picked or "").strip()
    language = about["language"]
    return {
        "form": str(about["form"]),
        "about": str(about["about"]),
        "language": language if language in LANGUAGES else "ja",
        "values": values,
    }


def faults(name: str, values: Mapping[str, str], language: Language, book: Book) -> dict[str, str]:
    """What is wrong with what was entered, by block_id; empty if nothing is."""
    if name in ("reply", "ask", "write", "incident_update") and not is_visible(values.get("text", "")):
        return {"text": book.say("form_empty", language)}
    if (
        name in ("close", "incident_close")
        and values.get("cure") == OTHER
        and not is_visible(values.get("words", ""))
    ):
        return {"words": book.say("form_words_missing", language)}
    # The helpdesk's channel has many readers. What the helpdesk writes may speak of passwords; a key is for
    # nobody.
    never = ("key", "password") if name in ("write", "details") else ("key",)
    told = book.say("form_secret", language)
    return {field: told for field, value in values.items() if secret(value) in never}


def is_visible(text: str) -> bool:
    """Whether there is anything to see: neither spaces nor control characters are."""
    return any(character.isprintable() and not character.isspace() for character in text)


def event_of(name: str, values: Mapping[str, str], case: str, by: Desk, at: datetime) -> Event | None:
    """What was done by sending the dialog; None if this version has no such dialog."""
    match name:
        case "reply" | "ask":
            return DeskAnswered(case, by, values.get("text", ""), name == "ask", False, at)
        case "close":
            cure, words = values.get("cure", ""), values.get("words", "")
            remedy = None if cure in ("", OTHER, UNKNOWN) else cure
            return CaseClosed(case, by, remedy, words, values.get("tell", ""), at)
        case "details":
            until, reach, computer = (values.get(one, "") for one in ("until", "reach", "computer"))
            return DetailsAdded(case, until, reach, computer, at)
        case "write":
            return WroteToDesk(case, values.get("text", ""), at)
        case _:
            return None


def cures(trouble: Conversation, book: Book, language: Language) -> list[tuple[str, str]]:
    """The remedies of this error first, then all others, then that it was something else."""
    row = book.errors.get(trouble.row or "")
    own = [case.do for case in row.case] if row else []
    values = step_values(trouble.model_copy(update={"language": language}), book)
    titles = [
        (remedy, as_done(remedy, book, language, values))
        for remedy in list(dict.fromkeys((*own, *book.remedies)))[: OPTIONS - 2]
    ]
    return [
        *titles,
        (OTHER, book.say("form_cure_other", language)),
        (UNKNOWN, book.say("form_cure_unknown", language)),
    ]


def likely(trouble: Conversation, book: Book) -> str:
    """What probably cured it: the remedy that was said to help, else the helpdesk's next action."""
    helped = [attempt.remedy for attempt in trouble.attempts if attempt.outcome == "solved"]
    return next(iter((*helped[-1:], *it_actions(trouble, book))), UNKNOWN)


class Drawing:
    """Draws a dialog's parts in one language."""

    def __init__(self, book: Book, language: Language) -> None:
        self._book = book
        self._language = language

    def plain(self, phrase: str, **values: str) -> dict[str, Any]:
        return {
            "type": "plain_text",
            "text": self._book.say(phrase, self._language, **values),
            "emoji": False,
        }

    def small(self, phrase: str, **values: str) -> dict[str, Any]:
        text = self._book.say(phrase, self._language, **values)
        return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}

    def field(
        self,
        name: str,
        label: str,
        *,
        multiline: bool = False,
        optional: bool = False,
        value: str = "",
        hint: bool = False,
        at_most: int = LONG,
    ) -> dict[str, Any]:
        element: dict[str, Any] = {
            "type": "plain_text_input",
            "action_id": ENTERED,
            "multiline": multiline,
            "max_length": min(at_most, LONG if multiline else SHORT),
        }
        element |= {"initial_value": value[:SHORT]} if value else {}
        drawn = {"type": "input", "block_id": name, "optional": optional, "label": self.plain(label)}
        return drawn | ({"hint": self.plain(f"{label}_hint")} if hint else {}) | {"element": element}

    def menu(self, name: str, options: Sequence[tuple[str, str]], chosen: str) -> dict[str, Any]:
        drawn = [
            {"text": {"type": "plain_text", "text": _short(title), "emoji": False}, "value": id_}
            for id_, title in options
        ]
        initial = [option for option in drawn if option["value"] == chosen]
        element: dict[str, Any] = {"type": "static_select", "action_id": ENTERED, "options": drawn}
        element |= {"initial_option": initial[0]} if initial else {}
        return {"type": "input", "block_id": name, "label": self.plain(f"form_{name}"), "element": element}

    def view(self, title: str, submit: str, name: str, about: str, blocks: Sequence[Json]) -> dict[str, Any]:
        kept = {"form": name, "about": about, "language": self._language}
        return {
            "type": "modal",
            "callback_id": CALLBACK,
            "private_metadata": json.dumps(kept),
            "title": self.plain(title),
            "submit": self.plain(submit),
            "close": self.plain("dialog_close"),
            "blocks": list(blocks),
        }


def _short(text: str) -> str:
    return text if len(text) <= OPTION else text[: OPTION - 1] + "…"
