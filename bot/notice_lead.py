"""A notice heads the first message of a conversation that it fits; what was to be said follows. PURE.

Which notices are up, the shell knows: it gives them, and asks first whether they are wanted at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.conversation import Conversation, Noticed
from bot.events import Event, FilesInspected, LanguageChosen, MessagePosted
from bot.handing import Turn, updated_card
from bot.notice import Notice, fits, notice_parts, noticed_parts
from bot.replies import Buttons, CheckFiles, Message, OpenCase, Reply, Say, Small
from knowledge.book import Book

AT_ONCE = 3
"""Notices that head one message; those left head the next."""

KEPT = 20
"""Notices that a conversation remembers to have shown."""


def may_lead(before: Conversation, after: Conversation, event: Event, replies: Iterable[Reply]) -> bool:
    """Whether notices may head what is said now: to a person who did something, before a person has the
    case, and where no incident says more."""
    replies = tuple(replies)
    taken = after.handed and after.handed.taken_by
    if after.turn == before.turn or after.phase == "solved" or taken or after.is_in_incident:
        return False
    if any(isinstance(reply, CheckFiles) for reply in replies):
        return False  # “checking…” is replaced by what the files tell, and that is headed
    return _first(event, replies) is not None


def led(
    conversation: Conversation, event: Event, replies: tuple[Reply, ...], up: Sequence[Notice], book: Book
) -> Turn:
    """The conversation and its replies, headed by the notices of those `up` that fit and were not shown in
    it; the helpdesk's card names them."""
    said = event.text if isinstance(event, MessagePosted) else ""
    new = [one for one in up if _is_new(one, conversation, event) and fits(one, conversation, book, said)]
    place = _first(event, replies)
    if not new or place is None:
        return conversation, replies
    shown = new[:AT_ONCE]
    numbers = {one.number for one in shown}
    kept = [one for one in conversation.noticed if one.number not in numbers]
    noticed = (*kept, *(_noticed(one, conversation, book) for one in shown))[-KEPT:]
    after = conversation.model_copy(update={"noticed": noticed})
    headed = [*replies[:place], _headed(replies[place], shown, after, book), *replies[place + 1 :]]
    if not after.passed_on:
        return after, tuple(headed)
    if not any(isinstance(reply, OpenCase) for reply in headed):
        return after, (*headed, *updated_card(after, book, event.at))
    return after, tuple(_on_card(reply, after, book) for reply in headed)


def _first(event: Event, replies: Sequence[Reply]) -> int | None:
    """Which of the replies is the first message that stays as it is said; one about another case is none."""
    for number, reply in enumerate(replies):
        if isinstance(reply, Say) and reply.about is None:
            stays = reply.slot is None or isinstance(event, FilesInspected)
            return number if stays else None
    return None


def _is_new(notice: Notice, conversation: Conversation, event: Event) -> bool:
    before = next((one for one in conversation.noticed if one.number == notice.number), None)
    if before is None:
        return True
    is_turned = isinstance(event, LanguageChosen)  # what they could not read is said in what they can
    return is_turned and before.language != notice.language(conversation.language)


def _noticed(notice: Notice, conversation: Conversation, book: Book) -> Noticed:
    return Noticed(
        number=notice.number,
        text=notice.text(book.company.language),
        language=notice.language(conversation.language),
        until=notice.until,
        trouble=conversation.trouble,
        row=notice.row,
        server=notice.server,
    )


def _headed(reply: Reply, shown: Iterable[Notice], conversation: Conversation, book: Book) -> Reply:
    assert isinstance(reply, Say)
    message, zone = reply.message, conversation.time_zone
    lead = [part for one in shown for part in notice_parts(one, message.language, zone, book)]
    below = Small(book.say("notice_goes_on", message.language))
    return replace(reply, message=Message((*lead, below, *message.parts), message.language))


def _on_card(reply: Reply, conversation: Conversation, book: Book) -> Reply:
    """A card that was drawn in this turn, before the notice was shown; as bot.card draws it from now on."""
    if not isinstance(reply, OpenCase) or reply.case != conversation.case or reply.only_if_there:
        return reply
    desk = conversation.model_copy(update={"language": book.company.language})
    parts = reply.card.parts
    end = len(parts) - 1 if parts and isinstance(parts[-1], Buttons) else len(parts)
    card = Message((*parts[:end], *noticed_parts(desk, book), *parts[end:]), reply.card.language)
    return replace(reply, card=card)
