"""How a remedy ended, and the ways beside it: send now, wait, solved."""

from datetime import datetime

from bot.afterwards import cure_question
from bot.card import tried_lines
from bot.closing import closing_parts
from bot.conversation import Conversation, Ended
from bot.events import Applied, RemedyEnded, RemedyNotPossible
from bot.handing import (
    Turn,
    became_urgent,
    hand_over,
    it_actions,
    told_urgent,
    updated_card,
    way_to_send,
)
from bot.knowing import known, told
from bot.proceed import expired, open_question, proceed
from bot.replies import AddToCase, Message, Part, Reply, Text
from bot.talk import phrase, question, say, step_values, steps, stop_question, waiting_buttons, way_out
from knowledge.book import Book
from knowledge.facts import Attempt


def _attempted(
    conversation: Conversation, remedy: str, outcome: str, reason: str | None = None
) -> Conversation:
    attempt = Attempt(remedy=remedy, outcome=outcome, turn=conversation.turn, reason=reason)
    return conversation.model_copy(update={"attempts": (*conversation.attempts, attempt)})


def _gone(conversation: Conversation, remedy: str, book: Book) -> bool:
    return remedy not in book.remedies or conversation.row is None or conversation.phase == "solved"


def ended(conversation: Conversation, event: RemedyEnded, book: Book) -> Turn:
    """[解決した], [まだ直らない] or an outcome of the remedy's own."""
    if _gone(conversation, event.remedy, book):
        return expired(conversation, book, event.at)
    own = book.remedies[event.remedy].outcome
    if event.outcome not in ("solved", "not_solved", *own):
        return expired(conversation, book, event.at)
    if event.outcome == "solved":
        conversation = _attempted(conversation, event.remedy, "solved")
        return solved(conversation, book, event.at, event.remedy)
    if _pressed_again(conversation, event):
        return open_question(conversation, book, event.at)
    if event.outcome == "not_solved" and book.remedies[event.remedy].waits:
        return open_question(conversation, book, event.at)
    was_open = conversation.remedy == event.remedy
    conversation = _attempted(conversation, event.remedy, event.outcome)
    if event.outcome in own:
        conversation = told(conversation, book, own[event.outcome].sets, "outcome")
    if conversation.phase == "handed_over":
        said = say(conversation, Text(phrase(conversation, book, "answer_passed_on")))
        return conversation, (said, *updated_card(conversation, book, event.at))
    if event.outcome == "not_solved":
        next_one = (Text(phrase(conversation, book, "next_one")),) if was_open else ()
        return proceed(conversation, book, event.at, *next_one)
    says = own[event.outcome].says
    lead = (Text(says[conversation.language]),) if says else ()
    return proceed(conversation, book, event.at, *lead)


def _pressed_again(conversation: Conversation, event: RemedyEnded) -> bool:
    """The same button twice, with nothing in between: one answer is enough."""
    last = conversation.attempts[-1] if conversation.attempts else None
    return (
        last is not None
        and conversation.remedy != event.remedy
        and (last.remedy, last.outcome) == (event.remedy, event.outcome)
    )


def not_possible(conversation: Conversation, event: RemedyNotPossible, book: Book) -> Turn:
    """[できなかった]: where did it stop? It never counts as tried."""
    at, remedy = event.at, event.remedy
    if _gone(conversation, remedy, book) or conversation.phase == "handed_over":
        return expired(conversation, book, at)
    if not event.reason:
        stopped = conversation.model_copy(update={"stopped": True, "phase": "advising", "remedy": remedy})
        parts = stop_question(stopped, book, remedy)
        return stopped, (say(stopped, *parts, way_out(stopped, book)),)
    conversation = conversation.model_copy(update={"stopped": False})
    conversation = _attempted(conversation, remedy, "could_not", event.reason)
    match event.reason:
        case "no_menu":
            told_outlook = conversation.facts.get("outlook")
            if told_outlook and told_outlook.source == "answer":
                return proceed(conversation, book, at, Text(phrase(conversation, book, "another_way")))
            asking = conversation.model_copy(
                update={"phase": "asking", "question": "outlook", "remedy": None}
            )
            parts = (*question(asking, book, "outlook", at), way_out(asking, book))
            return asking, (say(asking, *parts),)
        case "greyed_out" | "no_permission":
            actions = it_actions(conversation, book)
            why = f"stopped_{event.reason}"
            return hand_over(conversation, book, at, actions=actions, why=why)
        case "not_at_pc":
            waiting = conversation.model_copy(update={"phase": "waiting"})
            text = Text(phrase(waiting, book, "wait_for_pc"))
            parts = (text, *waiting_buttons(waiting, book), way_out(waiting, book))
            return waiting, (say(waiting, *parts),)
        case _:
            return proceed(conversation, book, at, Text(phrase(conversation, book, "another_way")))


def applied(conversation: Conversation, event: Applied, book: Book) -> Turn:
    """[申請した]: it takes days; nobody is asked today whether it helped."""
    if _gone(conversation, event.remedy, book) or conversation.phase == "handed_over":
        return expired(conversation, book, event.at)
    waiting = conversation.model_copy(update={"phase": "waiting", "remedy": event.remedy, "question": None})
    waiting = told(waiting, book, {"new_certificate": "waiting"}, "outcome")
    parts = (Text(phrase(waiting, book, "wait_for_it")), *waiting_buttons(waiting, book))
    return waiting, (say(waiting, *parts, way_out(waiting, book, export=True)),)


def send_now(conversation: Conversation, at: datetime, book: Book) -> Turn:
    """[急ぎで送る]: the way to get this one mail out. It closes nothing."""
    if conversation.row is None:
        return open_question(conversation, book, at, Text(phrase(conversation, book, "send_now_first")))
    if conversation.phase == "solved":
        return expired(conversation, book, at)
    becomes = not conversation.urgent
    conversation = conversation.model_copy(update={"urgent": True, "sending_now": True})
    remedy = way_to_send(conversation, book)
    if remedy is None:
        if conversation.phase == "handed_over":
            turned, replies = open_question(conversation, book, at, *told_urgent(conversation, book, at))
            return turned, (*replies, *(became_urgent(turned, book, at) if becomes else ()))
        actions = it_actions(conversation, book)
        return hand_over(conversation, book, at, actions=actions, why="send_now_person")
    lead = steps(conversation, book, remedy)
    if conversation.phase == "handed_over":
        return open_question(conversation, book, at, *lead)
    return open_question(conversation, book, at, *lead, Text(phrase(conversation, book, "cause_goes_on")))


def solved(conversation: Conversation, book: Book, at: datetime, remedy: str | None) -> Turn:
    """It works again: said warmly, with what to know for next time."""
    was_handed = conversation.phase == "handed_over"
    ended = Ended(how="remedy" if remedy else "alone", at=at, remedy=remedy, turn=conversation.turn)
    if conversation.phase == "solved" and conversation.ended:  # said twice: it ended as it had
        ended = conversation.ended
    changes = {"phase": "solved", "question": None, "remedy": None, "candidates": (), "ended": ended}
    done = conversation.model_copy(update=changes)
    parts: list[Part] = [Text(phrase(done, book, "solved" if remedy or was_handed else "solved_alone"))]
    after = book.remedies[remedy].after if remedy else None
    if after:
        outlook = book.outlook({name: fact.value for name, fact in known(done, book).items()})
        parts.append(Text(book.step(after, outlook, done.language, step_values(done, book))))
    if ended.how == "alone" and (asked := cure_question(done, book)):
        parts += asked
        done = done.model_copy(update={"cure_asked": True})
    parts += closing_parts(done, book)
    replies: tuple[Reply, ...] = (say(done, *parts),)
    if was_handed and book.company.desk:
        desk = done.model_copy(update={"language": book.company.language})
        line = phrase(desk, book, "card_solved", case=done.case, detail=tried_lines(desk, book) or "—")
        told = AddToCase(Message((Text(line),), desk.language), done.case)
        replies = (*replies, *updated_card(done, book, at), told)
    return done, replies
