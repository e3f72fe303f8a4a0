"""What is done about watched certificates, each in one transaction: buttons, the list, a reminder, a newer
certificate."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot import asides, intake, store, watches
from bot.accepted import Click, Expiring, InHome, Message
from bot.button_ids import number_in
from bot.desk_messages import DESK_FILES
from bot.events import FilesInspected
from bot.looked import Inspected, Looked
from bot.people import Profile
from bot.placing import thread_of, zone_or
from bot.rendering import NO_CONVERSATION, drawn, echoed
from bot.replies import Message as Said
from bot.replies import Say
from bot.store import Stored, Thread
from bot.todo import Undone
from bot.turns import Turns
from bot.watch_words import A_WEEK, Saying, Whom, named
from bot.watching import KEPT_AFTER, Watch, next_reminder, snoozed, watchable


def pressed(turns: Turns, connection: Connection, event: Click, profile: Profile) -> list[Undone]:
    """One of the buttons was pressed."""
    _, _, rest = event.button.partition(":")
    what, _, about = rest.partition(":")
    if what == "start":
        return _start(turns, connection, event, profile, about)
    saying = _saying(turns, profile)
    if what == "list":
        return _answer(turns, connection, event, _list(connection, event, saying))
    said = changed(turns, connection, event, what, about, saying) or saying.gone()
    return _answer(turns, connection, event, said)


def in_home(turns: Turns, connection: Connection, event: InHome, profile: Profile) -> None:
    """A button of the Home tab was pressed: it shows itself what came of it."""
    _, _, rest = event.button.partition(":")
    what, _, about = rest.partition(":")
    changed(turns, connection, event, what, about, _saying(turns, profile))


def changed(
    turns: Turns, connection: Connection, event: Click | InHome, what: str, about: str, saying: Saying
) -> Said | None:
    """What a button does to a watch of this person's, and what is said of it; None if there is no such."""
    watch = watches.load(connection, number_in(about), event.team, event.person)
    if watch is None or watch.state == "ended":
        return None
    now, hours = turns.clock(), turns.book.company.working_hours
    match what:
        case "stop":
            watches.change(connection, watch.id, state="stopped", due=None)
            return saying.stopped(watch)
        case "renewed":
            return saying.show_new(watch)
        case "resume" if watch.not_after > now:
            due = watch.due if watch.state == "watching" else next_reminder(watch.not_after, now, hours)
            return saying.resumed(_changed(connection, watch, due))
        case "week" | "tomorrow" if watch.state != "watching":  # an old reminder's button begins nothing
            return saying.stopped(watch)
        case "week" | "tomorrow":
            due = snoozed(watch.not_after, now, A_WEEK if what == "week" else 1, hours)
            if due:
                _changed(connection, watch, due)
            return saying.put_off(watch, due)
        case _:
            return None


def listed(turns: Turns, connection: Connection, event: Message, profile: Profile) -> list[Undone]:
    """The list was asked for in words: where others read, it is shown to its owner alone."""
    said = _list(connection, event, _saying(turns, profile))
    if event.private:
        return _put(turns, connection, event.id, event.person, "say", said, thread_of(event))
    place = Thread(event.channel, event.thread_ts)  # in a thread that nobody has begun it could not be seen
    return _put(turns, connection, event.id, event.person, "whisper", said, place)


def reminded(
    turns: Turns, connection: Connection, event: Expiring, profile: Profile, talk: str
) -> list[Undone]:
    """A reminder is due, and said if it still is; once, however many fell due while nothing ran."""
    watch = _still_due(connection, event)
    if watch is None:
        return []
    now = turns.clock()
    if now - watch.not_after > KEPT_AFTER:
        watches.erase(connection, watch.id)
        return []
    watches.change(connection, watch.id, due=_next(turns, watch))
    said = _saying(turns, profile).reminder(watch)
    return _put(turns, connection, event.id, event.person, "say", said, Thread(talk, None))


def passed_over(turns: Turns, connection: Connection, event: Expiring) -> None:
    """A reminder that could not be worked: the next one will be."""
    if watch := _still_due(connection, event):
        watches.change(connection, watch.id, due=_next(turns, watch))


def left(connection: Connection, event: Expiring) -> None:
    """The person is no longer there."""
    if watch := _still_due(connection, event):
        watches.erase(connection, watch.id)


def renews(connection: Connection, stored: Stored, files: Sequence[Looked]) -> bool:
    """Whether one of these is a newer certificate for an address whose certificate the person has watched."""
    reports = (file.report for file in files if isinstance(file, Inspected))
    person = stored.conversation.person
    return any(
        report.certificate
        and report.purpose
        and watches.replaced(connection, stored.team, person, report.certificate, report.purpose)
        for report in reports
    )


def checked(
    turns: Turns, connection: Connection, number: int, happened: FilesInspected, event: str, place: Thread
) -> None:
    """Files of a conversation were checked: a certificate that takes the place of one that is watched is
    watched from then on."""
    if happened.slot.startswith(DESK_FILES) or not (stored := store.load(connection, number)):
        return
    conversation, team = stored.conversation, stored.team
    certificate = watchable(conversation, turns.book, happened.at)
    report = conversation.report
    shown = {
        file.report.certificate.fingerprint
        for file in happened.files
        if isinstance(file, Inspected) and file.report.certificate
    }
    if certificate is None or certificate.fingerprint not in shown or not (report and report.purpose):
        return
    old = watches.replaced(connection, team, conversation.person, certificate, report.purpose)
    if not old:
        return
    for watch in old:
        watches.change(connection, watch.id, state="ended", due=None)
    due = next_reminder(certificate.not_after, turns.clock(), turns.book.company.working_hours)
    new = watches.watch(connection, team, conversation.person, certificate, report.purpose, due)
    new = new or watches.of_certificate(connection, team, conversation.person, certificate.fingerprint)
    if new is None:
        return
    if new.state == "ended":  # it had given way to the one that it now replaces
        new = _changed(connection, new, due)
    saying = Saying(turns.book, Whom(conversation.language, conversation.time_zone, turns.clock()))
    said = saying.replaced(old[-1], new)
    kind = "say" if conversation.private else "whisper"
    _put(turns, connection, event, conversation.person, kind, said, place)


def _start(turns: Turns, connection: Connection, event: Click, profile: Profile, about: str) -> list[Undone]:
    """[期限の前に知らせる] under a result."""
    stored = store.load(connection, intake.conversation_of(event.value))
    if stored is None or stored.conversation.person != event.person:
        language = turns.language(profile)
        is_seen = stored is not None and stored.channel == event.channel
        owner = stored.conversation.person if stored else ""
        said = (
            asides.only_the_owner(turns.book, owner, language)
            if is_seen
            else asides.expired(turns.book, language)
        )
        return turns.put(connection, event.id, event.person, "whisper", said, thread_of(event))
    conversation, now = stored.conversation, turns.clock()
    saying = Saying(turns.book, Whom(conversation.language, conversation.time_zone, now))
    certificate = watchable(conversation, turns.book, now)
    report = conversation.report
    if not (certificate and report and report.purpose and named(certificate) == about):
        return _answer(turns, connection, event, saying.not_possible())
    due = next_reminder(certificate.not_after, now, turns.book.company.working_hours)
    watch = watches.watch(connection, event.team, event.person, certificate, report.purpose, due)
    if watch:
        return _answer(turns, connection, event, saying.begun(watch))
    before = watches.of_certificate(connection, event.team, event.person, certificate.fingerprint)
    if before is None:
        return _answer(turns, connection, event, saying.too_many(watches.MOST))
    if before.state != "watching":
        return _answer(turns, connection, event, saying.begun(_changed(connection, before, due)))
    return _answer(turns, connection, event, saying.begun(before, before=True))


def _changed(connection: Connection, watch: Watch, due: object) -> Watch:
    watches.change(connection, watch.id, state="watching", due=due)
    found = watches.load(connection, watch.id, watch.team, watch.person)
    assert found
    return found


def _still_due(connection: Connection, event: Expiring) -> Watch | None:
    watch = watches.load(connection, event.watch, event.team, event.person)
    return watch if watch and watch.state == "watching" and watch.due == event.due else None


def _next(turns: Turns, watch: Watch) -> object:
    return next_reminder(watch.not_after, turns.clock(), turns.book.company.working_hours)


def _list(connection: Connection, event: Click | Message, saying: Saying) -> Said:
    return saying.listed(watches.of_person(connection, event.team, event.person))


def _saying(turns: Turns, profile: Profile) -> Saying:
    zone = zone_or(profile.time_zone, turns.defaults.time_zone)
    return Saying(turns.book, Whom(turns.language(profile), zone, turns.clock()))


def _answer(turns: Turns, connection: Connection, event: Click, said: Said) -> list[Undone]:
    """In the thread of the button; where others read, to who pressed it alone."""
    kind = "say" if event.private else "whisper"
    (headed,) = echoed((Say(said),), event.label)
    assert isinstance(headed, Say)
    place = thread_of(event)
    if kind == "whisper" and place.ts == event.message_ts:  # under a list that was shown to them alone
        place = Thread(event.channel, None)
    return _put(turns, connection, event.id, event.person, kind, headed.message, place)


def _put(
    turns: Turns, connection: Connection, event: str, person: str, kind: str, said: Said, place: Thread
) -> list[Undone]:
    body = drawn(said, NO_CONVERSATION)
    return turns.put(connection, event, person, "say" if kind == "say" else "whisper", body, place)
