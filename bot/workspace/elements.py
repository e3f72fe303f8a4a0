"""The elements that stand in blocks (buttons, menus, fields, rich text) and Slack's limits of each.

Slack knows more of them; those that the page does not draw are not here, and so are refused.
"""

from collections.abc import Iterator

from bot.workspace.shapes import Choice, Flag, Many, Number, Record, Rule, Shape, String, Text, at
from bot.workspace.wire import Json

Fields = dict[str, Shape]


def fields(**shapes: Shape) -> Fields:
    """Shapes by field name."""
    return shapes


PLAIN = ("plain_text",)
LABEL = Text(75, PLAIN)
ID = String(255)
URL = String(3000, begins=("https://", "http://", "mailto:"))
STYLE = String(20, among=("primary", "danger"))
CONFIRM = Record(
    fields(title=Text(100, PLAIN), text=Text(300), confirm=Text(30, PLAIN), deny=Text(30, PLAIN)),
    fields(style=STYLE),
)


def _either(one: str, other: str) -> Rule:
    """Exactly one of the two fields is there."""

    def rule(value: Json, pointer: str) -> Iterator[str]:
        if one not in value and other not in value:
            yield at(f"missing required field: {one}", pointer)
        elif one in value and other in value:
            yield at(f"only one of {one}, {other} allowed", pointer)

    return rule


def _initial_is_an_option(value: Json, pointer: str) -> Iterator[str]:
    groups = value.get("option_groups", [])
    options = value.get("options", []) + [option for group in groups for option in group["options"]]
    initial = [value["initial_option"]] if "initial_option" in value else value.get("initial_options", [])
    for option in initial:
        if option not in options:
            yield at("initial option must be one of the options", pointer)


def _option(kinds: tuple[str, ...] = PLAIN, **more: Shape) -> Record:
    return Record(
        fields(text=Text(75, kinds), value=String(150)), fields(description=Text(75, kinds), **more)
    )


OPTION = _option()
INPUT = fields(action_id=ID, placeholder=Text(150, PLAIN), confirm=CONFIRM, focus_on_load=Flag())


def _menu(**initial: Shape) -> Record:
    group = Record(fields(label=LABEL, options=Many(OPTION, 100)))
    return Record(
        optional=INPUT | initial | fields(options=Many(OPTION, 100), option_groups=Many(group, 100)),
        rules=(_either("options", "option_groups"), _initial_is_an_option),
    )


def _boxes(**initial: Shape) -> Record:
    return Record(
        fields(options=Many(_option(("plain_text", "mrkdwn")), 10)),
        fields(action_id=ID, confirm=CONFIRM, focus_on_load=Flag(), **initial),
        (_initial_is_an_option,),
    )


IMAGE = Record(fields(alt_text=String(2000), image_url=URL))
BUTTON = Record(
    fields(text=LABEL),
    fields(
        action_id=ID,
        value=String(2000),
        url=URL,
        style=STYLE,
        confirm=CONFIRM,
        accessibility_label=String(75),
    ),
)
OPINION = Record(fields(text=LABEL, value=String(2000)), fields(accessibility_label=String(75)))
FEEDBACK = fields(
    feedback_buttons=Record(
        fields(positive_button=OPINION, negative_button=OPINION),
        fields(action_id=ID),
    ),
    icon_button=Record(
        fields(icon=String(20, among=("trash",)), text=LABEL),
        fields(action_id=ID, value=String(2000), confirm=CONFIRM, accessibility_label=String(75)),
    ),
)

DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"([01]\d|2[0-3]):[0-5]\d"
MOMENT = fields(
    datetimepicker=Record(
        optional=fields(
            action_id=ID,
            confirm=CONFIRM,
            focus_on_load=Flag(),
            initial_date_time=Number(10**9, 10**10 - 1),
        )
    )
)
"""Only where there is room for it: in actions and inputs, not beside a section."""

CHOSEN = fields(
    static_select=_menu(initial_option=OPTION),
    checkboxes=_boxes(initial_options=Many(_option(("plain_text", "mrkdwn")), 10)),
    radio_buttons=_boxes(initial_option=_option(("plain_text", "mrkdwn"))),
    datepicker=Record(optional=INPUT | fields(initial_date=String(10, 10, pattern=DATE))),
    timepicker=Record(optional=INPUT | fields(initial_time=String(5, 5, pattern=TIME), timezone=String(255))),
)
PRESSED = CHOSEN | fields(
    button=BUTTON,
    overflow=Record(fields(options=Many(_option(url=URL), 5)), fields(action_id=ID, confirm=CONFIRM)),
)
WHEN = String(30, among=("on_enter_pressed", "on_character_entered"))
IN_ACTIONS = PRESSED | MOMENT
FILLED_IN = (
    CHOSEN
    | MOMENT
    | fields(
        plain_text_input=Record(
            optional=fields(
                action_id=ID,
                placeholder=Text(150, PLAIN),
                focus_on_load=Flag(),
                initial_value=String(3000, 0),
                multiline=Flag(),
                min_length=Number(0, 3000),
                max_length=Number(1, 3000),
                dispatch_action_config=Record(fields(trigger_actions_on=Many(WHEN, 2))),
            )
        ),
    )
)

MARKED = fields(
    style=Record(optional=fields(bold=Flag(), italic=Flag(), strike=Flag(), code=Flag(), underline=Flag()))
)
RUNS = Many(
    Choice(
        fields(
            text=Record(fields(text=String(12_000)), MARKED),
            link=Record(fields(url=URL), MARKED | fields(text=String(3000), unsafe=Flag())),
            emoji=Record(fields(name=ID), MARKED | fields(unicode=ID)),
            user=Record(fields(user_id=ID), MARKED),
            channel=Record(fields(channel_id=ID), MARKED),
            usergroup=Record(fields(usergroup_id=ID), MARKED),
            broadcast=Record(fields(range=String(10, among=("here", "channel", "everyone"))), MARKED),
            date=Record(
                fields(timestamp=Number(0, 10**11), format=ID), MARKED | fields(url=URL, fallback=ID)
            ),
            color=Record(fields(value=ID), MARKED),
        )
    ),
    most=1000,
    least=0,
)
BORDER = fields(border=Number(0, 1))
RICH_TEXT = Record(
    fields(
        elements=Many(
            Choice(
                fields(
                    rich_text_section=Record(fields(elements=RUNS)),
                    rich_text_preformatted=Record(fields(elements=RUNS), BORDER),
                    rich_text_quote=Record(fields(elements=RUNS), BORDER),
                    rich_text_list=Record(
                        fields(
                            style=String(10, among=("bullet", "ordered")),
                            elements=Many(
                                Choice(fields(rich_text_section=Record(fields(elements=RUNS)))), 1000
                            ),
                        ),
                        BORDER | fields(indent=Number(0, 8), offset=Number(0, 10_000)),
                    ),
                )
            ),
            most=1000,
            least=0,
        )
    ),
    fields(block_id=ID),
)
