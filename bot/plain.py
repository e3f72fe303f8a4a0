"""Replies as plain text, for transcripts, the terminal and tests: `[…]` a button, `‹…›` small print."""

from collections.abc import Iterable

from bot.replies import (
    AddToCase,
    Buttons,
    CheckFiles,
    Feedback,
    Heading,
    Message,
    NoteUnmatched,
    OpenCase,
    Part,
    PassFile,
    Person,
    Remind,
    Reply,
    Say,
    Small,
    Steps,
    Table,
    TellDesk,
    Text,
    Unsay,
    Whisper,
)


def lines(message: Message) -> list[str]:
    """The message's lines; none is empty."""
    return [line for part in message.parts for line in _lines(part) if line.strip()]


def _lines(part: Part) -> Iterable[str]:
    match part:
        case Heading(text):
            yield f"*{text}*"
        case Text(text):
            yield from text.split("\n")
        case Steps(steps):
            for number, step in enumerate(steps, 1):
                yield f"{number}. {step.text}"
                if step.warning:
                    yield f"   ⚠ {step.warning}"
        case Table(rows):
            for row in rows:
                yield f"| {' | '.join(row)} |"
        case Buttons(buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)
        case Feedback(good, bad):
            yield f"[{good.label}] [{bad.label}]"
        case Small(text):
            yield f"‹{text}›"
        case Person(label, user, note):
            yield f"{label} @{user} {note}"


def plain(replies: Iterable[Reply], replaced: frozenset[str] = frozenset()) -> str:
    """Replies as paragraphs; `replaced` are the slots that a message of this turn replaces."""
    out = []
    for reply in replies:
        match reply:
            case Say(message, slot):
                head = ["→（同じメッセージが置き換わる）"] if slot in replaced else []
                out.append("\n".join([*head, *lines(message)]))
            case Whisper(message):
                out.append("\n".join(["（本人だけに見える）", *lines(message)]))
            case OpenCase(card):
                out.append("\n".join(["#helpdesk", *(f"┃ {line}" for line in lines(card))]))
            case AddToCase(message):
                out.append("\n".join(["#helpdesk ↳", *(f"┃ {line}" for line in lines(message))]))
            case TellDesk(message, person):
                out.append(
                    "\n".join(
                        [f"#helpdesk（{person} だけに見える）", *(f"┃ {line}" for line in lines(message))]
                    )
                )
            case PassFile(file, _, to_employee):
                out.append(f"{'' if to_employee else '#helpdesk ↳ '}（ファイル {file.name}）")
            case Unsay(slot):
                out.append(f"（{slot} を消す）")
            case CheckFiles() | NoteUnmatched() | Remind():
                pass
    return "\n\n".join(out)
