"""The dialogs of an incident's card: one word to everybody, and its end. PURE."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from bot.forms import OTHER, Drawing, cures
from bot.incident_card import Standing, as_trouble, for_all
from knowledge.book import Book
from knowledge.rows import UNKNOWN

IncidentForm = Literal["incident_update", "incident_close"]
INCIDENT_FORMS: tuple[IncidentForm, ...] = get_args(IncidentForm)


def incident_form(name: IncidentForm, incident: Standing, book: Book) -> dict[str, Any]:
    """The dialog, in the helpdesk's language."""
    language = book.company.language
    drawing = Drawing(book, language)
    said = drawing.small("form_for_incident", case=incident.name, count=str(incident.people))
    if name == "incident_update":
        field = drawing.field("text", "form_incident_update_text", multiline=True)
        return drawing.view(f"form_{name}_title", f"form_{name}_submit", name, incident.name, [said, field])
    trouble = as_trouble(incident, book)
    blocks = [
        said,
        drawing.menu("cure", cures(trouble, book, language), next(iter(for_all(trouble, book)), UNKNOWN)),
        drawing.field("words", "form_incident_words", optional=True, hint=True),
        drawing.field("tell", "form_incident_tell", multiline=True, optional=True),
    ]
    return drawing.view(f"form_{name}_title", f"form_{name}_submit", name, incident.name, blocks)


def entered_cure(values: Mapping[str, str]) -> tuple[str | None, str]:
    """What cured it: a remedy, or other words."""
    cure = values.get("cure", "")
    return None if cure in ("", OTHER, UNKNOWN) else cure, values.get("words", "")
