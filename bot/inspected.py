"""After a file was checked: its result, and then only what no file can answer."""

from datetime import UTC, datetime, time

from bot.afterwards import feedback
from bot.conversation import Conversation
from bot.desk_files import brought, files_forwarded
from bot.events import FilesInspected
from bot.evidence import (
    cause,
    differs_from_profile,
    fits,
    has_private_key,
    learned,
    misfit,
    names_compared,
    not_used,
    result,
    wording,
)
from bot.exposed import key_alarm
from bot.handing import Turn, handed_buttons, updated_card
from bot.knowing import told, value, whose
from bot.looked import Inspected, NotFetched, PictureNotRead, PictureRead
from bot.picture_names import held_against, looks_like, name_shown
from bot.picture_text import Pictures
from bot.proceed import begin_row, open_question, proceed, with_past
from bot.replies import (
    Buttons,
    Heading,
    Message,
    Part,
    Reply,
    Small,
    Table,
    Text,
    Whisper,
    quote,
)
from bot.seen import looked_at, pictures_seen
from bot.several import foremost, replaced, stays
from bot.talk import SENDER, candidates, day, joined, phrase, press, say, sender_question, way_out
from bot.watch_words import offer
from checks.report import Report
from knowledge.book import Book

FILE_AND_RESULT = 2
"""Turns of a trouble that began with a file, once the file is checked."""


def files_inspected(conversation: Conversation, event: FilesInspected, book: Book) -> Turn:
    """The result of the files, and how the conversation goes on."""
    pictures = tuple(file for file in event.files if isinstance(file, PictureRead | PictureNotRead))
    files = tuple(file for file in event.files if isinstance(file, Inspected | NotFetched))
    if not files:
        return pictures_seen(conversation, event, pictures, book)
    told_helpdesk: tuple[Reply, ...] = ()
    lead: list[Part] = []
    alone, of_pictures, windows = conversation, 0, False
    if pictures:
        conversation, lead, windows = _looked_at(conversation, book, pictures)
        of_pictures = len(lead)
    used = foremost(conversation, book, files)
    if has_private_key(files):
        finding = book.findings["private_key_uploaded"]
        lead += [
            Heading(finding.headline[conversation.language]),
            Text(finding.detail[conversation.language]),
        ]
        told_helpdesk = key_alarm(conversation, book, "card_private_key")
    before = conversation
    refused = used is None or used.report.verdict == "refused"
    if used and not refused and fits(conversation, book, used.report):
        seen = conversation.report
        if not stays(seen, used.report):
            conversation = names_compared(learned(conversation, book, used), book)
        lead += result(conversation, book, used)
        if pictures:  # the file was compared before they were read
            conversation, compared = _sender_compared(conversation, book)
            lead += compared
        conversation, held = held_against(conversation, book)
        lead += held or (name_shown(conversation, book) if pictures else ())
        if stays(seen, used.report):
            name = quote(conversation.file_name or "", 60)
            lead.append(Text(phrase(conversation, book, "earlier_file_counts", file=name)))
        if replaced(seen, used.report):
            conversation = told(conversation, book, {"new_certificate": "yes"}, "file")
    elif used and not refused:
        lead += misfit(conversation, book, used)
    else:
        used = None
    left = tuple(file for file in files if not (has_private_key((file,)) and lead))
    lead += not_used(conversation, book, left, used)
    fetched = any(isinstance(file, Inspected) for file in files)  # what was not says itself what to do
    if refused and fetched and not lead[1:] and not has_private_key(files):
        lead.append(Text(phrase(conversation, book, "send_certificate")))
    if pictures and used is None:
        turned, replies = pictures_seen(alone, event, pictures, book, *lead[of_pictures:])
        return turned, (*replies, *told_helpdesk)
    if conversation.phase == "handed_over" and book.company.desk:
        told_helpdesk = (*told_helpdesk, *files_forwarded(conversation, book, event))
        if conversation.handed and conversation.handed.taken_by and not has_private_key(files):
            lead = list(brought(conversation, book, event))  # a person has it: no advice
    shown, private = _for_all_to_read(conversation, tuple(lead))
    turned, replies = _go_on(before, conversation, book, event, shown, windows)
    return turned, (*replies, *private, *told_helpdesk)


def _sender_compared(conversation: Conversation, book: Book) -> tuple[Conversation, list[Part]]:
    """The checked certificate held against the sender's address that a picture beside it shows."""
    address, report = conversation.facts.get("address"), conversation.report
    certificate = report.certificate if report and report.purpose != "server" and not report.address else None
    if certificate is None or not certificate.addresses or address is None or address.source != "picture":
        return conversation, []
    same = any(looks_like(address.value, known) for known in certificate.addresses)
    facts = {"address_mismatch": "no"} if same else {"address_mismatch": "yes", "usable": "no"}
    shown = quote(address.value) if conversation.private else phrase(conversation, book, "default_address")
    name = "sender_fits" if same else "sender_differs"
    return told(conversation, book, facts, "file"), [Text(phrase(conversation, book, name, address=shown))]


def _looked_at(
    conversation: Conversation, book: Book, pictures: Pictures
) -> tuple[Conversation, list[Part], bool]:
    """What the pictures beside a certificate tell: facts, the error if none is known yet, and whether they
    are several windows with an error each."""
    conversation, found, parts = looked_at(conversation, book, pictures)
    windows = found.rows if conversation.row is None else ()
    if len(windows) > 1:
        conversation = conversation.model_copy(update={"candidates": windows[:4], "words": ()})
    elif windows:
        conversation = with_past(conversation, windows[0]).model_copy(update={"words": found.words})
    if found.recognition.about == "other_program":
        parts = (*parts, Text(phrase(conversation, book, "about_other_program")))
    return conversation, list(parts), len(windows) > 1


def _for_all_to_read(
    conversation: Conversation, lead: tuple[Part, ...]
) -> tuple[tuple[Part, ...], tuple[Reply, ...]]:
    """In a channel the thread sees verdict and headline; what the certificate says, its owner alone."""
    if conversation.private or not any(isinstance(part, Table) for part in lead):
        return lead, ()
    shown = tuple(part for part in lead if isinstance(part, Heading))
    return shown, (Whisper(Message(lead, conversation.language)),)


def _go_on(
    before: Conversation,
    conversation: Conversation,
    book: Book,
    event: FilesInspected,
    lead: tuple[Part, ...],
    windows: bool,
) -> Turn:
    at, slot = event.at, event.slot
    learnt = conversation.facts != before.facts
    if conversation.phase == "handed_over":
        is_taken = conversation.handed is not None and bool(conversation.handed.taken_by)
        told = learnt and book.company.desk and not is_taken
        passed = Text(phrase(conversation, book, "answer_passed_on")) if told else None
        is_taken = bool(conversation.handed and conversation.handed.taken_by)
        buttons = None if is_taken else handed_buttons(conversation, book)
        said = say(conversation, *lead, passed, buttons, slot=slot)
        return conversation, (said, *(updated_card(conversation, book, at) if learnt else ()))
    if learnt and differs_from_profile(conversation, book) and whose(conversation, book) in ("own", None):
        asked = (*conversation.asked, SENDER)
        asking = conversation.model_copy(
            update={"phase": "asking", "question": SENDER, "remedy": None, "asked": asked}
        )
        parts = (*lead, *sender_question(asking, book), way_out(asking, book))
        return asking, (say(asking, *parts, slot=slot),)
    report = conversation.report
    finding = cause(report) if report and learnt else None
    row = conversation.row or (book.findings[finding.code].row if finding else None)
    if row is None and report and learnt and report.verdict != "refused" and not windows:
        is_the_new_one = event.renews or _came_after_the_end(conversation)
        if is_the_new_one and offer(conversation, book, conversation.touched):
            parts = (*lead, *_only_shown(conversation, book, event))
            return conversation, (say(conversation, *parts, slot=slot),)
        return which_error(conversation, book, lead, slot)
    if row is None and conversation.candidates:  # by the text, or by several windows
        choosing = conversation.model_copy(update={"phase": "choosing"})
        text = Text(phrase(choosing, book, "which_error"))
        parts = (*lead, text, *candidates(choosing, book), way_out(choosing, book))
        return choosing, (say(choosing, *parts, slot=slot),)
    if row is None:
        return conversation, (
            say(conversation, *lead, way_out(conversation, book, first=True, export=True), slot=slot),
        )
    if row not in book.errors:  # the company switched it off
        return begin_row(conversation, book, at, row, *lead, slot=slot)
    conversation = with_past(conversation, row)
    if not learnt:
        if conversation.phase == "listening":
            return begin_row(conversation, book, at, row, *lead, slot=slot)
        return open_question(conversation, book, at, *lead, slot=slot)
    if (
        report
        and report.verdict == "usable"
        and whose(conversation, book) != "server"
        and value(conversation, book, "usable") == "yes"
    ):
        lead = (*lead, Text(phrase(conversation, book, "therefore_the_pc")))
    first = before.row != row or before.phase == "listening"
    return proceed(
        conversation, book, at, *lead, first=first, tail=_corrections(conversation, book), slot=slot
    )


def _came_after_the_end(conversation: Conversation) -> bool:
    """Whether the file followed the end of another trouble, with no word of an error: then it is the new
    certificate, which was invited, and none of Outlook's errors is asked for."""
    turns = conversation.turn - conversation.turns_before
    return conversation.trouble > 1 and turns == FILE_AND_RESULT and not conversation.candidates


def _only_shown(conversation: Conversation, book: Book, event: FilesInspected) -> tuple[Part, ...]:
    """What stands under a result that leads to nothing further; what renews a watched one is watched."""
    if event.renews:
        return _corrections(conversation, book, watch=False)
    return Text(phrase(conversation, book, "watch_offered")), *_corrections(conversation, book)


def _corrections(conversation: Conversation, book: Book, *, watch: bool = True) -> tuple[Part, ...]:
    """[差出人を直す], the whole result, [期限の前に知らせる] and whether it helps, under a result."""
    buttons = [press(conversation, book, "all_findings", "explain", "certificate")]
    if conversation.report and conversation.report.purpose != "server":
        buttons.insert(0, press(conversation, book, "correct_sender", "sender", "other"))
    buttons += offer(conversation, book, conversation.touched) if watch else ()
    return Buttons(tuple(buttons)), feedback(conversation, book, "file")


def which_error(conversation: Conversation, book: Book, lead: tuple[Part, ...], slot: str | None) -> Turn:
    """A file that is fine, and no error yet: what does Outlook say?"""
    server = conversation.report is not None and conversation.report.purpose == "server"
    fitting = [id_ for id_, row in book.errors.items() if (row.whose == "server") == server]
    choosing = conversation.model_copy(update={"phase": "choosing", "candidates": tuple(fitting[:4])})
    text = Text(phrase(choosing, book, "which_error_with_file"))
    offered = candidates(choosing, book, "no_error")
    parts = (*lead, text, *offered, way_out(choosing, book), *_corrections(choosing, book))
    return choosing, (say(choosing, *parts, slot=slot),)


def _grounds_of_trust(conversation: Conversation, book: Book, report: Report) -> str:
    """By which list the certificate is trusted, and how old Windows' list is."""
    told = []
    if report.trusted_by:
        source = phrase(conversation, book, f"list_{report.trusted_by}")
        told.append(phrase(conversation, book, "trusted_by", source=source))
    if report.trust_list:
        name = "list_old" if report.trust_list_is_old else "list_dated"
        noon = datetime.combine(report.trust_list, time(12), tzinfo=UTC)
        today = day(noon, conversation.time_zone, conversation.language)
        told.append(phrase(conversation, book, name, today=today))
    return "\n".join(told)


def whole_result(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """Every finding of the last file, the chain, and what a file cannot tell."""
    report = conversation.report
    if report is None:
        return (Text(phrase(conversation, book, "no_file_yet")),)
    names = {code: row.name[conversation.language] for code, row in book.findings.items()}
    lines = [
        f"{'✗' if finding.severity == 'error' else '!'} {names[finding.code]}: "
        f"{wording(finding, conversation, book, 'detail')}"
        for finding in sorted(report.holding, key=lambda finding: finding.severity != "error")
    ]
    codes = dict.fromkeys(finding.code for finding in report.findings)
    lines += [f"? {names[code]}" for code in codes if report.holds(code) is None]
    fine = [names[code] for code in codes if report.holds(code) is False]
    title = phrase(conversation, book, "all_findings", file=quote(conversation.file_name or "", 60))
    chain = [
        "　" * depth + ("└ " if depth else "") + quote(link.common_name or link.subject, 80)
        for depth, link in enumerate(reversed(report.chain))
    ]
    parts: list[Part] = [Heading(title), Text("\n".join(lines))]
    if fine:
        looked_for = joined(fine, conversation.language)
        parts.append(Small(phrase(conversation, book, "looked_for", names=looked_for)))
    if len(chain) > 1:
        parts += [Text(phrase(conversation, book, "chain")), Text("\n".join(chain))]
    if grounds := _grounds_of_trust(conversation, book, report):
        parts.append(Small(grounds))
    if report.purpose != "server":
        parts.append(Small(phrase(conversation, book, "key_not_seen")))
    return tuple(parts)
