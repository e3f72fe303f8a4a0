"""The state machine: `step(conversation, event, book) -> (conversation, replies)`, a pure function."""

from typing import assert_never

from bot.afterwards import cure_told, rated
from bot.at_desk import at_desk
from bot.conversation import Conversation
from bot.desk_events import (
    CameDue,
    CaseClosed,
    CaseReopened,
    CaseTaken,
    DeskAnswered,
    DeskShowed,
    IncidentClosed,
    IncidentMet,
    IncidentUpdated,
    TakenBack,
    TextAsked,
)
from bot.desk_files import desk_files_inspected
from bot.desk_messages import DESK_FILES
from bot.events import (
    Answered,
    Applied,
    ButtonExpired,
    CureTold,
    DetailsAdded,
    Event,
    ExampleChosen,
    Explained,
    FilesInspected,
    InCase,
    LanguageChosen,
    MessagePosted,
    NotMine,
    PersonAsked,
    Rated,
    RemedyEnded,
    RemedyNotPossible,
    Restarted,
    Resumed,
    RowChosen,
    SelfSolved,
    SenderChosen,
    SendNowAsked,
    ServerNameConfirmed,
    WantsToKnow,
    WroteToDesk,
)
from bot.explain import explained
from bot.gone import with_its_past, without_gone
from bot.handing import Turn, became_urgent, hand_over, it_actions, told_urgent, updated_card
from bot.hearing import hear
from bot.in_words import as_press
from bot.incident import incident_closed, incident_met, incident_updated, not_mine, wants_to_know
from bot.inspected import files_inspected
from bot.knowing import fresh, told
from bot.names_told import sender_chosen, server_name_confirmed
from bot.outcome import noted
from bot.outcomes import applied, ended, not_possible, send_now, solved
from bot.pause import Pause, kept_back, to_people, without_ways_to_send
from bot.proceed import asked_for_row, begin_row, expired, not_counted_again, open_question, proceed
from bot.recurrence import came_back
from bot.replies import Buttons, Part, Say, Small, Text, quote
from bot.silence import came_due, followed_up
from bot.talk import phrase, press, question, say, way_out
from bot.troubles import about, put_back, trouble_of
from knowledge.book import Book
from knowledge.rows import UNKNOWN


def step(conversation: Conversation, event: Event, book: Book, pause: Pause | None = None) -> Turn:
    """What the event makes of the conversation, and what the bot does. Nothing else depends on anything else:
    the clock is in the event. While there is a `pause`, everything goes to people."""
    stored, conversation = conversation, without_gone(conversation, book)
    after, replies = _turn(conversation, event, book, pause)
    after = noted(conversation, event, after)
    if conversation is not stored:
        after = with_its_past(stored, conversation, after)
    if after.ended and after.phase != "solved":
        after = after.model_copy(update={"ended": None})
    if after.turn == conversation.turn:  # nothing that the person did
        return after, replies
    return after, (*replies, *followed_up(after, book))


def _turn(conversation: Conversation, event: Event, book: Book, pause: Pause | None) -> Turn:
    if pause is None:
        return _step(conversation, event, book)
    book = without_ways_to_send(book)
    if turn := kept_back(conversation, event, pause, book):
        return turn
    return to_people(conversation, event, _step(conversation, event, book, pause), pause, book)


def _step(conversation: Conversation, event: Event, book: Book, pause: Pause | None = None) -> Turn:
    now = conversation.model_copy(update={"turn": conversation.turn + 1, "touched": event.at})
    match event:
        case MessagePosted():
            meant = None if event.files else as_press(now, book, event.text, event.at)
            if meant is None:
                return hear(now, event, book)
            return _step(conversation, meant, book, pause)
        case FilesInspected() if event.slot.startswith(DESK_FILES):
            return desk_files_inspected(conversation, event, book)
        case FilesInspected():
            return files_inspected(now, event, book)
        case Answered():
            return _answered(now, event, book)
        case RowChosen():
            return _row_chosen(now, event, book)
        case RemedyEnded():
            return ended(now, event, book)
        case RemedyNotPossible():
            return not_possible(now, event, book)
        case Applied():
            return applied(now, event, book)
        case Resumed():
            return _resumed(now, event, book)
        case SendNowAsked():
            return send_now(now, event.at, book)
        case PersonAsked():
            return _person_asked(now, event, book)
        case Explained():
            return explained(now, event, book)
        case SenderChosen():
            return sender_chosen(now, event, book)
        case ServerNameConfirmed():
            return server_name_confirmed(now, event.at, book)
        case LanguageChosen():
            return _language_chosen(now, event, book)
        case ExampleChosen():
            return _example_chosen(conversation, event, book)
        case SelfSolved():
            return solved(now, book, event.at, None)
        case Restarted():
            clean = fresh(now, book)
            return clean, (
                say(clean, Text(phrase(clean, book, "new_one")), way_out(clean, book, first=True)),
            )
        case Rated():
            return rated(conversation, event, book)
        case CureTold():
            return cure_told(conversation, event, book)
        case ButtonExpired():
            return expired(now, book, event.at)
        case CaseTaken() | DeskAnswered() | DeskShowed() | TakenBack() | TextAsked() | CaseClosed():
            return at_desk(conversation, event, book)
        case CaseReopened() | DetailsAdded() | WroteToDesk():
            return at_desk(now, event, book)
        case IncidentMet():
            return incident_met(conversation, event, book)
        case IncidentUpdated():
            return incident_updated(conversation, event, book)
        case IncidentClosed():
            return incident_closed(conversation, event, book)
        case WantsToKnow():
            return wants_to_know(now, event.at, book)
        case NotMine():
            return not_mine(now, event, book)
        case InCase():
            return _in_case(now, event, book, pause)
        case CameDue():
            return came_due(conversation, event, book)
        case _:
            assert_never(event)


def _in_case(conversation: Conversation, event: InCase, book: Book, pause: Pause | None) -> Turn:
    """The button does in its own case what it does in the one that the conversation is about."""
    trouble = trouble_of(conversation, event.case)
    if trouble is None or trouble.case == conversation.case:
        return expired(conversation, book, event.at)
    if isinstance(event.event, NotMine):
        after, replies = not_mine(trouble, event.event, book, is_current=False)
    else:
        after, replies = _turn(trouble, event.event, book, pause)
    return put_back(conversation, after), about(replies, trouble.case)


def _answered(conversation: Conversation, event: Answered, book: Book) -> Turn:
    question_ = book.questions.get(event.fact)
    if question_ is None or event.option not in question_.values():
        return expired(conversation, book, event.at)
    before = conversation.facts.get(event.fact)
    if conversation.row is None or conversation.phase == "solved":
        return expired(conversation, book, event.at)
    is_open = conversation.question == event.fact
    if not is_open and before and before.value == event.option:
        return open_question(conversation, book, event.at)
    if event.option == UNKNOWN and question_.how and event.fact not in conversation.explained:
        shown = conversation.model_copy(update={"explained": (*conversation.explained, event.fact)})
        how = Text(question_.how[shown.language])
        ask = question(shown, book, event.fact, event.at)
        asking = shown.model_copy(update={"phase": "asking", "question": event.fact, "remedy": None})
        if shown.phase != "handed_over":
            return asking, (say(asking, how, *ask, way_out(asking, book)),)
    option = question_.option.get(event.option)
    facts = {event.fact: event.option, **(option.sets if option else {})}
    conversation = told(conversation, book, facts, "answer")
    if conversation.phase == "handed_over":
        said = say(conversation, Text(phrase(conversation, book, "answer_passed_on")))
        return conversation, (said, *updated_card(conversation, book, event.at))
    if event.fact == "outlook":
        conversation = _other_menu(conversation, event.option, book)
    lead: tuple[Part, ...] = ()
    if event.fact == "outlook" and is_open:
        lead = (Text(phrase(conversation, book, "another_way")),)
    if not is_open and before and option:
        label = option[conversation.language]
        lead = (Small(phrase(conversation, book, "answer_changed", option=label)),)
    return proceed(conversation, book, event.at, *lead)


def _other_menu(conversation: Conversation, outlook: str, book: Book) -> Conversation:
    """The remedies whose menu was not there are open again where it is another Outlook that has a menu."""
    standard = book.company.outlook or "classic"
    if outlook in (standard, UNKNOWN):
        return conversation
    kept = tuple(attempt for attempt in conversation.attempts if attempt.reason != "no_menu")
    return conversation.model_copy(update={"attempts": kept})


def _row_chosen(conversation: Conversation, event: RowChosen, book: Book) -> Turn:
    handed = conversation.phase == "handed_over"
    if event.row == "none" and conversation.row is None and not handed:
        clean = conversation.model_copy(update={"phase": "listening", "candidates": (), "not_understood": 1})
        fine = conversation.report is not None and conversation.report.verdict == "usable"
        parts = [Text(phrase(clean, book, "fine_then" if fine else "none_of_these"))]
        if not fine:
            parts.append(Text(phrase(clean, book, "can_help_with")))
        person = Buttons((press(clean, book, "ask_person", "person", primary=not fine),))
        return clean, (say(clean, *parts, person),)
    if event.row not in book.errors:
        return expired(conversation, book, event.at)
    if conversation.row == event.row:
        return open_question(conversation, book, event.at)
    if conversation.row is not None or handed:
        report, name = conversation.report, conversation.file_name
        conversation = fresh(conversation, book).model_copy(update={"report": report, "file_name": name})
    return begin_row(asked_for_row(conversation), book, event.at, event.row)


def _resumed(conversation: Conversation, event: Resumed, book: Book) -> Turn:
    closed = conversation.ended if conversation.phase == "solved" else None
    if conversation.row and closed and closed.how == "unknown":
        return came_back(conversation, event.at, book)
    if conversation.row is None or conversation.phase in ("solved", "handed_over"):
        return expired(conversation, book, event.at)
    away = tuple(attempt for attempt in conversation.attempts if attempt.reason != "not_at_pc")
    return proceed(conversation.model_copy(update={"attempts": away}), book, event.at)


def _person_asked(conversation: Conversation, event: PersonAsked, book: Book) -> Turn:
    becomes = event.urgent and not conversation.urgent
    conversation = conversation.model_copy(update={"urgent": conversation.urgent or event.urgent})
    if conversation.phase == "solved" and conversation.handed:  # they have to hear that it is open again
        return at_desk(conversation, CaseReopened(conversation.case, event.at), book)
    if conversation.phase == "handed_over" and not conversation.is_in_incident:
        with_person = (Text(phrase(conversation, book, "with_a_person")),)
        parts = told_urgent(conversation, book, event.at) if event.urgent else with_person
        turn, said = open_question(conversation, book, event.at, *parts)
        return turn, (*said, *(became_urgent(conversation, book, event.at) if becomes else ()))
    return hand_over(
        conversation, book, event.at, actions=it_actions(conversation, book), why="person_wanted"
    )


def _language_chosen(conversation: Conversation, event: LanguageChosen, book: Book) -> Turn:
    switched = conversation.model_copy(update={"language": event.language, "language_chosen": True})
    is_counted = switched.asked[-1:] == (switched.question,)
    if switched.row and switched.phase == "asking" and not switched.advised and is_counted:
        return begin_row(not_counted_again(switched), book, event.at, switched.row)
    return open_question(switched, book, event.at, Text(phrase(switched, book, "this_language")))


def _example_chosen(conversation: Conversation, event: ExampleChosen, book: Book) -> Turn:
    name = f"example_{event.number}"
    if name not in book.phrases:
        now = conversation.model_copy(update={"turn": conversation.turn + 1, "touched": event.at})
        return expired(now, book, event.at)
    if conversation.phase == "handed_over":
        conversation = fresh(conversation, book)
    text = phrase(conversation, book, name)
    turned, replies = step(conversation, MessagePosted(text, (), event.at), book)
    shown = Small(phrase(turned, book, "example_is", words=quote(text)))
    first = replies[0]
    assert isinstance(first, Say)
    return turned, (say(turned, shown, *first.message.parts), *replies[1:])
