"""Which element of a message or dialog somebody used, and how Slack reports its value."""

import re
import secrets
from collections.abc import Iterator, Mapping

from bot.workspace.elements import DATE, TIME
from bot.workspace.wire import Json

Chosen = str | list[str] | None
"""A value: of a button, an option, a text, a date; several options; or nothing."""


FORMS = {"datepicker": DATE, "timepicker": TIME, "datetimepicker": r"[1-9]\d{9}"}
INITIAL = ("initial_date", "initial_time", "initial_date_time")


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with the ids that Slack makes up where the app gave none."""
    filled = [{"block_id": secrets.token_urlsafe(4), **block} for block in blocks]
    for block in filled:
        for place in ("accessory", "element"):
            if place in block and block[place]["type"] != "image":
                block[place] = {"action_id": secrets.token_urlsafe(4), **block[place]}
        if block["type"] in ("actions", "context_actions"):
            block["elements"] = [
                {"action_id": secrets.token_urlsafe(4), **element} for element in block["elements"]
            ]
    return filled


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element")):
            if element is not None and "action_id" in element:
                yield block, element


def find(
    blocks: list[Json], action_id: str, block_id: str | None, chosen: Chosen
) -> tuple[Json, Json] | None:
    """The element with this action_id; in this block and with the chosen value, where they are given."""
    for block, element in elements(blocks):
        if (
            element["action_id"] == action_id
            and block_id in (None, block["block_id"])
            and _offers(element, chosen)
        ):
            return block, element
    return None


def options(element: Json) -> list[Json]:
    """The options of a menu or of boxes."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def _offers(element: Json, chosen: Chosen) -> bool:
    if chosen is None:
        return True
    match element["type"]:
        case "button" | "icon_button":
            return bool(chosen == element.get("value", ""))
        case "feedback_buttons":
            return chosen in (element["positive_button"]["value"], element["negative_button"]["value"])
        case "static_select" | "overflow" | "radio_buttons" | "checkboxes":
            wanted = [chosen] if isinstance(chosen, str) else chosen
            return set(wanted) <= {option["value"] for option in options(element)}
        case "datepicker" | "timepicker" | "datetimepicker":
            return isinstance(chosen, str) and re.fullmatch(FORMS[element["type"]], chosen) is not None
        case _:
            return isinstance(chosen, str)


def value(element: Json, chosen: Chosen) -> Json:
    """The value of an element as Slack states it in `view.state` and in `actions`."""
    kind = element["type"]
    wanted = chosen if isinstance(chosen, list) else [chosen] if chosen is not None else []
    match kind:
        case "static_select" | "overflow" | "radio_buttons":
            selected = [option for option in options(element) if option["value"] in wanted]
            return {"type": kind, "selected_option": selected[0] if selected else None}
        case "checkboxes":
            selected = [option for option in options(element) if option["value"] in wanted]
            return {"type": kind, "selected_options": selected}
        case "datepicker":
            return {"type": kind, "selected_date": chosen or None}
        case "timepicker":
            zone = {"timezone": element["timezone"]} if "timezone" in element else {}
            return {"type": kind, "selected_time": chosen or None} | zone
        case "datetimepicker":
            return {"type": kind, "selected_date_time": int(wanted[0]) if wanted and wanted[0] else None}
        case _:
            return {"type": kind, "value": chosen or None}


def action(block: Json, element: Json, chosen: Chosen, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    common = {"action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}
    match element["type"]:
        case "button" | "icon_button":
            kept = ("type", "text", "value", "style", "url", "icon")
            return {name: element[name] for name in kept if name in element} | common
        case "feedback_buttons":
            sides = (element["positive_button"], element["negative_button"])
            pressed = next((side for side in sides if side["value"] == chosen), sides[0])
            return {"type": "feedback_buttons", "text": pressed["text"], "value": pressed["value"]} | common
        case _:
            kept = ("placeholder", "initial_option", "initial_options", *INITIAL)
            return value(element, chosen) | {name: element[name] for name in kept if name in element} | common


def state_of(blocks: list[Json], given: Mapping[str, Mapping[str, object]]) -> Json:
    """The `state` of a dialog: what people filled in, by block_id and action_id; else what it began with."""
    values: dict[str, Json] = {}
    for block, element in elements(blocks):
        if element["type"] in ("button", "overflow", "icon_button", "feedback_buttons"):
            continue
        entry = given.get(block["block_id"], {})
        if element["action_id"] in entry:
            chosen = chosen_of(entry[element["action_id"]])
        else:
            chosen = _initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = value(element, chosen)
    return {"values": values}


def filled_in(stated: object) -> dict[str, dict[str, object]]:
    """What a page says was filled in, by block_id and action_id; whatever else it states is left out."""
    blocks = stated if isinstance(stated, dict) else {}
    return {str(block): dict(entry) for block, entry in blocks.items() if isinstance(entry, dict)}


def missing(blocks: list[Json], state: Json) -> list[str]:
    """The block_ids of required fields that are empty, or shorter or longer than they may be."""
    wrong = []
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        stated = state["values"][block["block_id"]][element["action_id"]]
        content = next(content for name, content in stated.items() if name != "type")
        if not content:
            wrong += [] if block.get("optional") else [block["block_id"]]
        elif element["type"] == "plain_text_input":
            fits = element.get("min_length", 0) <= len(content) <= element.get("max_length", 3000)
            wrong += [] if fits else [block["block_id"]]
    return wrong


def _initial(element: Json) -> Chosen:
    if "initial_option" in element:
        return str(element["initial_option"]["value"])
    if "initial_options" in element:
        return [option["value"] for option in element["initial_options"]]
    return next((str(element[name]) for name in ("initial_value", *INITIAL) if element.get(name)), None)


def chosen_of(stated: object) -> Chosen:
    """The bare value in any of the forms in which a page states one."""
    match stated:
        case {"selected_options": list(many)}:
            return [str(option["value"]) for option in many if isinstance(option, dict) and "value" in option]
        case {"selected_option": {"value": str(one)}}:
            return one
        case {"selected_date_time": int(moment)}:
            return str(moment)
        case {"selected_option": str(one)} | {"value": str(one)} | str(one):
            return one
        case {"selected_date": str(one)} | {"selected_time": str(one)}:
            return one
        case list(many):
            return [str(item) for item in many]
        case _:
            return None
