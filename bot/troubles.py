"""One of the troubles of a conversation, by its case: what it is about now, or what was left before. PURE."""

from collections.abc import Iterable
from dataclasses import replace

from bot.conversation import Conversation, Earlier, Handed
from bot.replies import Reply, Say

ALARM = "-key"
"""What follows a case's number in the name of the message that tells of an exposed private key."""


def trouble_of(conversation: Conversation, case: str) -> Conversation | None:
    """The trouble as a conversation of its own; None if the helpdesk never had it, or it is too long ago."""
    if conversation.case == case:
        return _handed(conversation)
    return next((_handed(one.whole) for one in conversation.earlier if one.case == case and one.whole), None)


def _handed(trouble: Conversation) -> Conversation:
    """What an older version handed over, before this one or beside it, is the helpdesk's too."""
    if not trouble.passed_on or trouble.handed:
        return trouble
    return trouble.model_copy(update={"handed": Handed(since=trouble.touched)})


def case_of(conversation: Conversation, trouble: int) -> str | None:
    """The case of the trouble with this number."""
    if conversation.trouble == trouble:
        return conversation.case
    return next(
        (one.case for one in conversation.earlier if one.whole and one.whole.trouble == trouble), None
    )


def put_back(conversation: Conversation, trouble: Conversation) -> Conversation:
    """The conversation with this trouble of its as it is now."""
    if conversation.case == trouble.case:
        return trouble
    earlier = tuple(
        _changed(one, trouble) if one.case == trouble.case else one for one in conversation.earlier
    )
    touched = max(conversation.touched, trouble.touched)
    return conversation.model_copy(update={"earlier": earlier, "touched": touched})


def about(replies: Iterable[Reply], case: str | None) -> tuple[Reply, ...]:
    """The replies, their buttons belonging to this case."""
    return tuple(replace(reply, about=case) if isinstance(reply, Say) else reply for reply in replies)


def with_handed(trouble: Conversation, handed: Handed, **changes: object) -> Conversation:
    """The trouble, these changes made to what is known of it at the helpdesk."""
    return trouble.model_copy(update={"handed": handed.model_copy(update=changes)})


def left(conversation: Conversation) -> tuple[Earlier, ...]:
    """The trouble that is left for another one; none if there was no trouble yet."""
    if conversation.row is None and not conversation.passed_on:
        return ()
    is_waiting = conversation.passed_on and conversation.phase != "solved"
    kept = (
        conversation.model_copy(update={"earlier": (), "past": ()}) if _handed(conversation).handed else None
    )
    one = Earlier(
        case=conversation.case,
        row=conversation.row,
        phase="handed_over" if is_waiting else conversation.phase,
        began=conversation.began,
        ended=conversation.touched,
        passed_on=conversation.passed_on,
        urgent=conversation.urgent,
        whole=kept,
    )
    return (one,)


def _changed(earlier: Earlier, trouble: Conversation) -> Earlier:
    changes = {"whole": trouble, "phase": trouble.phase, "ended": trouble.touched, "urgent": trouble.urgent}
    return earlier.model_copy(update=changes)
