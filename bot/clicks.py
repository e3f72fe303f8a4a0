"""What a press of a button does, in one transaction: its id and its value are looked up, never trusted."""

from collections.abc import Callable

from sqlalchemy import Connection

from bot import asides, intake, kept_outcomes, people, store, watch_turns
from bot.accepted import Click
from bot.afterwards import amended, thanks
from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.desk_events import CaseReopened, Desk
from bot.desk_turns import DESK, pressed_at_desk
from bot.events import (
    ButtonExpired,
    CureTold,
    Event,
    ExampleChosen,
    Explained,
    InCase,
    LanguageChosen,
    NotMine,
    PersonAsked,
    Rated,
    Restarted,
    SelfSolved,
    WantsToKnow,
)
from bot.people import Profile
from bot.placing import placed, thread_of
from bot.rendering import NO_CONVERSATION, drawn
from bot.store import Thread
from bot.todo import Undone
from bot.troubles import case_of
from bot.turns import Turns
from bot.watch_words import WATCH

# Buttons that mean the same whatever trouble they were shown with.
ANY_TIME = (LanguageChosen, PersonAsked, Restarted)


Changed = Callable[[str, str], None]


def clicked(
    turns: Turns,
    connection: Connection,
    event: Click,
    profile: Profile,
    by: Desk | None,
    changed: Changed,
) -> list[Undone]:
    """Somebody pressed a button; `by` is who, if they belong to the helpdesk. `changed` is told whose profile
    (team, person) is another now."""
    if event.button.startswith(WATCH):
        return watch_turns.pressed(turns, connection, event, profile)
    if event.value == NO_CONVERSATION:
        return _on_greeting(turns, connection, event, profile, changed)
    trouble = event.value.partition(".")[2]
    number = intake.conversation_of(event.value)
    language = turns.language(profile)
    if event.button.startswith(DESK):
        return pressed_at_desk(turns, connection, event, by, language)
    stored = store.load(connection, number)
    if stored is None:
        return _whisper(turns, connection, event, asides.expired(turns.book, language))
    owner = stored.conversation.person
    if owner != event.person:
        # whose another conversation is, and that there is one, is told only where everybody can see it
        is_seen = stored.channel == event.channel
        said = (
            asides.only_the_owner(turns.book, owner, language)
            if is_seen
            else asides.expired(turns.book, language)
        )
        return _whisper(turns, connection, event, said)
    if stored.conversation.private and not event.private:  # what was said in private stays there
        return _whisper(turns, connection, event, asides.expired(turns.book, language))
    happened = pressed(event.button, event.at)
    of_another = trouble and trouble != str(stored.conversation.trouble)
    if of_another:
        which = int(trouble) if trouble.isdecimal() and len(trouble) < 9 else 0
        if isinstance(happened, Rated | CureTold) and not case_of(stored.conversation, which):
            return _of_the_past(turns, connection, event, stored.conversation, which, happened)
        happened = _of_another(stored.conversation, which, happened)
    return turns.step(connection, stored, happened, event.id, thread_of(event), label=event.label)


def _of_another(conversation: Conversation, trouble: int, happened: Event) -> Event:
    """What a button does that was shown with an earlier trouble: of one that the helpdesk has, its part."""
    case = case_of(conversation, trouble)
    of_a_case = SelfSolved | Explained | PersonAsked | Rated | CureTold | WantsToKnow | NotMine
    if case and isinstance(happened, of_a_case):
        return InCase(case, happened, happened.at)
    if isinstance(happened, (*ANY_TIME, CaseReopened)):
        return happened
    return ButtonExpired(happened.at)


def _of_the_past(
    turns: Turns,
    connection: Connection,
    event: Click,
    conversation: Conversation,
    trouble: int,
    happened: Rated | CureTold,
) -> list[Undone]:
    """Of an earlier trouble that the helpdesk never had, only the outcome is left to tell it to."""
    outcome = kept_outcomes.outcome_of(connection, conversation.number, trouble)
    changed = amended(outcome, happened, turns.book) if outcome else None
    if changed is None:
        return _whisper(turns, connection, event, asides.expired(turns.book, conversation.language))
    kept_outcomes.keep(connection, conversation.number, {trouble: changed})
    said = drawn(thanks(conversation, happened, turns.book), event.value)
    return _whisper(turns, connection, event, said)


def _on_greeting(
    turns: Turns, connection: Connection, event: Click, profile: Profile, changed: Changed
) -> list[Undone]:
    """The greeting belongs to no conversation: an example begins one, a language turns the greeting."""
    match happened := pressed(event.button, event.at):
        case ExampleChosen():
            stored = placed(connection, event, turns.newcomer(profile), turns.book)
            return turns.step(connection, stored, happened, event.id, thread_of(event))
        case LanguageChosen(language=language):
            people.choose_language(connection, event.team, event.person, language)
            changed(event.team, event.person)
            body = turns.greeting(connection, language) | {"replaces": event.message_ts}
            return turns.put(connection, event.id, event.person, "say", body, Thread(event.channel, None))
        case _:
            return _whisper(turns, connection, event, asides.expired(turns.book, turns.language(profile)))


def _whisper(turns: Turns, connection: Connection, event: Click, body: dict[str, object]) -> list[Undone]:
    place = Thread(event.channel, event.thread_ts)
    return turns.put(connection, event.id, event.person, "whisper", body, place)
