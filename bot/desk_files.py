"""Files between an employee and the helpdesk, after the same checks. PURE."""

from bot.conversation import Conversation, Sent
from bot.desk_messages import marked, slot_of
from bot.events import FilesInspected
from bot.evidence import has_private_key, result
from bot.handing import Turn
from bot.looked import File, Inspected, Looked, NotFetched, PictureNotRead, PictureRead
from bot.replies import AddToCase, Message, Part, PassFile, Reply, Small, Text, Whisper, quote
from bot.talk import joined, phrase, say
from bot.troubles import put_back, trouble_of, with_handed
from knowledge.book import Book

LINES = 1_000
"""Characters of a picture's text that are shown."""


def files_forwarded(conversation: Conversation, book: Book, event: FilesInspected) -> tuple[Reply, ...]:
    """The employee's files into the case's thread: what the checks say of each, and the file itself."""
    desk, case = _as_the_desk_reads(conversation, book), conversation.case
    told: list[Reply] = []
    for number, (file, id_) in enumerate(zip(event.files, event.ids, strict=True)):
        name = quote(file.name, 60)
        slot, of_checks = f"file-{case}-{conversation.turn}-{number}", _brought(desk, book, file)
        head = Text(phrase(desk, book, "card_sent_file", file=name))
        told.append(AddToCase(Message((head, *of_checks), desk.language), case, slot=slot))
        if is_passed_on(file):
            head = Text(phrase(desk, book, "card_sent_file_lost", file=name))
            lost = Message((head, *of_checks), desk.language)
            sorry = say(conversation, Text(phrase(conversation, book, "file_not_brought", file=name))).message
            passed = File(id_, file.name)
            told.append(PassFile(passed, case, False, otherwise=sorry, line=slot, lost=lost))
    return tuple(told)


def _brought(desk: Conversation, book: Book, file: Looked) -> tuple[Part, ...]:
    """What the checks say of an employee's file. What they say of a key is for who sent it: to delete it."""
    if has_private_key((file,)):
        return (Text(phrase(desk, book, "card_key_file")),)
    return _told(desk, book, file)


def is_passed_on(file: Looked) -> bool:
    """Whether the file itself goes on: a certificate or a picture; no key, nothing that was not looked at."""
    match file:
        case Inspected():
            return file.report.verdict != "refused"
        case PictureRead():
            return not file.is_too_large
        case PictureNotRead():
            return file.reason in ("nothing", "absent", "timeout") and not file.is_too_large
        case NotFetched():
            return False


def brought(conversation: Conversation, book: Book, event: FilesInspected) -> tuple[Part, ...]:
    """What the employee is told of files that a person at the helpdesk gets: which of them do not go on."""
    kept = [file.name for file in event.files if not is_passed_on(file)]
    if not kept:
        return (Text(phrase(conversation, book, "file_brought_to_desk")),)
    names = joined([quote(name, 60) for name in kept], conversation.language)
    return (Text(phrase(conversation, book, "file_not_passed_on", names=names)),)


def desk_files_inspected(conversation: Conversation, event: FilesInspected, book: Book) -> Turn:
    """The helpdesk's files: what the checks say goes into the case's thread; if they were sent, that and the
    files themselves to the employee."""
    _, case, how = event.slot.split(":")
    trouble = trouble_of(conversation, case)
    if trouble is None:
        return conversation, ()
    message = _message_of(trouble, how)
    is_for_employee = how.startswith("sent") and not (message and message.taken_back)
    slot, passed = slot_of(case, message.number) if message else None, list[str]()
    whispered = False
    desk = _as_the_desk_reads(trouble, book)
    replies: list[Reply] = []
    for file, id_ in zip(event.files, event.ids, strict=True):
        name = quote(file.name, 60)
        sent = is_for_employee and is_passed_on(file)
        told = (
            "card_desk_file_sent"
            if sent
            else "card_desk_file_not_sent"
            if how.startswith("sent")
            else "card_desk_file"
        )
        head = Text(phrase(desk, book, told, file=name))
        of_checks = _told(desk, book, file)
        alone = sent and not trouble.private and isinstance(file, Inspected) and bool(of_checks)
        whispered = whispered or alone
        more = (Small(phrase(desk, book, "card_whispered")),) if alone else ()
        line = Message((head, *of_checks, *more), desk.language)
        if not sent:
            replies.append(AddToCase(line, case))
            continue
        said, upload = (
            (f"{slot}-file-{len(passed)}", f"{slot}-passed-{len(passed)}")
            if slot
            else (None, f"passed-{case}-{id_}")
        )
        lost = Message((Text(phrase(desk, book, "card_desk_file_lost", file=name)),), desk.language)
        sorry = say(trouble, Text(phrase(trouble, book, "file_not_delivered", file=name))).message
        replies += [
            *_to_employee(trouble, book, file, said),
            PassFile(File(id_, file.name), case, True, upload, sorry),
            AddToCase(line, case, sent=upload, lost=lost),
        ]
        passed.append(file.name)
    if message is None or not passed:
        return conversation, tuple(replies)
    went = {"files": len(passed), "names": tuple(passed), "whispered": whispered}
    message = message.model_copy(update=went | ({} if message.text else {"at": event.at}))
    after = _with_message(trouble, message)
    if not message.text:
        replies += marked(after, book, message)
    return put_back(conversation, after), tuple(replies)


def _message_of(trouble: Conversation, how: str) -> Sent | None:
    """The message that the files belong to: `sent-3`."""
    every = trouble.handed.sent if trouble.handed else ()
    return next((one for one in every if how == f"sent-{one.number}"), None)


def _with_message(trouble: Conversation, message: Sent) -> Conversation:
    assert trouble.handed
    sent = tuple(message if one.number == message.number else one for one in trouble.handed.sent)
    return with_handed(trouble, trouble.handed, sent=sent)


def _to_employee(trouble: Conversation, book: Book, file: Looked, slot: str | None) -> tuple[Reply, ...]:
    """What comes before the file: whose it is, and what the checks say of a certificate."""
    result_ = _told(trouble, book, file) if isinstance(file, Inspected) else ()
    lead = Text(phrase(trouble, book, "file_from_desk", file=quote(file.name, 60)))
    if trouble.private or not result_:
        return (say(trouble, lead, *result_, slot=slot),)
    return say(trouble, lead, slot=slot), Whisper(say(trouble, *result_).message)


def _as_the_desk_reads(trouble: Conversation, book: Book) -> Conversation:
    return trouble.model_copy(update={"language": book.company.language, "private": True})


def _told(reader: Conversation, book: Book, file: Looked) -> tuple[Part, ...]:
    match file:
        case Inspected():
            return result(reader, book, file)
        case NotFetched():
            return (Text(phrase(reader, book, f"card_not_fetched_{file.reason}")),)
        case PictureRead(lines=lines):
            return (Text(quote(" / ".join(lines), LINES)),)
        case PictureNotRead():
            return (Text(phrase(reader, book, f"picture_{file.reason}")),)
