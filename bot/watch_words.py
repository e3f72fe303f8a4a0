"""What is said of certificates that are watched until they run out. PURE."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.button_ids import button_id
from bot.conversation import Conversation
from bot.replies import Button, Buttons, Heading, Message, NumberedStep, Part, Small, Steps, Text
from bot.talk import day, phrase
from bot.watching import Watch, days_left, snoozed, watchable
from checks.report import Certificate
from knowledge.book import Book
from knowledge.rows import Language

# What begins the ids of all these buttons.
WATCH = "watch:"

LISTED = 15
"""How many certificates a list shows."""

A_WEEK = 7
"""Days; who has not much more than that left is asked to look at it tomorrow."""

_SHOWN = 8
"""Hexadecimal digits of a fingerprint that tell certificates apart."""

_NAMED = 32
"""Hexadecimal digits of a fingerprint that a button names."""

# After these the person has a new certificate.
_RENEWALS = ("renew", "reissue", "get_certificate", "wait_for_certificate", "choose_certificate")


@dataclass(frozen=True)
class Whom:
    """In which language and time zone somebody is told, and when."""

    language: Language
    time_zone: str
    at: datetime


def offer(conversation: Conversation, book: Book, at: datetime) -> tuple[Button, ...]:
    """[期限の前に知らせる], if the certificate that was checked last is worth watching."""
    certificate = watchable(conversation, book, at)
    if certificate is None:
        return ()
    label = phrase(conversation, book, "button_watch")
    return (Button(button_id("watch", "start", named(certificate)), label),)


def offered_at_the_end(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """What is offered when it is solved: to watch the certificate that was checked, or to show a new one."""
    if button := offer(conversation, book, conversation.touched):
        return Text(phrase(conversation, book, "watch_offered")), Buttons(button)
    remedy = conversation.ended.remedy if conversation.ended else None
    if remedy not in _RENEWALS:
        return ()
    export = Button(button_id("explain", "export"), phrase(conversation, book, "button_export"))
    return Text(phrase(conversation, book, "watch_invited")), Buttons((export,))


def named(certificate: Certificate) -> str:
    """How a button names the certificate."""
    return certificate.fingerprint.replace(":", "")[:_NAMED]


def digits(watch: Watch) -> str:
    """The first digits of the fingerprint, for people."""
    return watch.fingerprint.replace(":", "")[:_SHOWN].upper()


@dataclass(frozen=True)
class Saying:
    """Says it to one person."""

    book: Book
    whom: Whom

    def begun(self, watch: Watch, *, before: bool = False) -> Message:
        """It is watched from now on, or was `before`."""
        values = {"not_after": self._day(watch.not_after), "date": self._next(watch)}
        if before:
            told = (Text(self._say("watch_begun_before", **values)),)
        else:
            keeps = Small(self._say("watch_keeps", value=digits(watch)))
            told = (Text(self._say("watch_begun", **values)), keeps)  # type: ignore[assignment]
        return self._message(*told, self._ways(watch, "stop", "list"))

    def replaced(self, old: Watch, new: Watch) -> Message:
        """A newer certificate has taken the place of the old one; it is watched, unless that was stopped."""
        values = {"not_before": self._day(old.not_after), "not_after": self._day(new.not_after)}
        if new.state == "stopped":
            return self._message(
                Text(self._say("watch_only_ended", **values)), self._ways(new, "resume", "list")
            )
        said = Text(self._say("watch_replaced", **values, date=self._next(new)))
        return self._message(said, self._ways(new, "stop", "list"))

    def stopped(self, watch: Watch) -> Message:
        said = Text(self._say("watch_stopped", not_after=self._day(watch.not_after)))
        return self._message(said, self._ways(watch, "resume", "list"))

    def resumed(self, watch: Watch) -> Message:
        values = {"not_after": self._day(watch.not_after), "date": self._next(watch)}
        return self._message(Text(self._say("watch_resumed", **values)), self._ways(watch, "stop", "list"))

    def put_off(self, watch: Watch, until: datetime | None) -> Message:
        """It is come back to later, if there is a later."""
        last = self._day(watch.not_after)
        if until is None:
            said = self._say("watch_cannot_wait", not_after=last)
        else:
            said = self._say("watch_snoozed", date=self._day(until), not_after=last)
        return self._message(Text(said), self._ways(watch, "stop", "list"))

    def show_new(self, watch: Watch) -> Message:
        """[更新した]: the new certificate is asked for."""
        how = self._say("export_server" if watch.purpose == "server" else "export_own")
        asks = Text(self._say("watch_show_new"))
        return self._message(asks, Text(how), Small(self._say("never_send_keys")))

    def gone(self) -> Message:
        return self._message(Text(self._say("watch_gone")), Buttons((self._button("list"),)))

    def not_possible(self) -> Message:
        return self._message(Text(self._say("watch_not_possible")))

    def too_many(self, most: int) -> Message:
        said = Text(self._say("watch_too_many", count=str(most)))
        return self._message(said, Buttons((self._button("list"),)))

    def reminder(self, watch: Watch) -> Message:
        """How long it lives, how it is renewed here, and what can be done with the reminder."""
        left = days_left(watch.not_after, self.whom.at, self.whom.time_zone)
        if left > 0:
            title = self._say(f"watch_left_{watch.purpose}", days=str(left))
        else:
            title = self._say(f"watch_today_{watch.purpose}" if left == 0 else f"watch_over_{watch.purpose}")
        which = self._say("watch_which", not_after=self._day(watch.not_after), value=digits(watch))
        buttons = [self._button("renewed", watch, primary=True)]
        wait, days = ("week", A_WEEK) if left > A_WEEK else ("tomorrow", 1)
        # On the last day tomorrow is too late.
        if left > 0 and snoozed(watch.not_after, self.whom.at, days, self.book.company.working_hours):
            buttons.append(self._button(wait, watch))
        buttons.append(self._button("stop", watch))
        buttons.append(self._button("list"))
        return self._message(Heading(title), Text(which), *self._renewal(watch), Buttons(tuple(buttons)))

    def listed(self, watches: Sequence[Watch]) -> Message:
        """All that the person has watched."""
        if not watches:
            return self._message(Text(self._say("watch_list")), Text(self._say("watch_list_none")))
        parts: list[Part] = [Text(self._say("watch_list"))]
        for watch in watches[:LISTED]:
            parts += [Text(self.line(watch)), Buttons((self.switch(watch),))]
        if more := len(watches) - LISTED:
            parts += [Small(self._say("watch_more", count=str(more)))] if more > 0 else []
        return self._message(*parts)

    def line(self, watch: Watch) -> str:
        """One certificate of a list."""
        left = days_left(watch.not_after, self.whom.at, self.whom.time_zone)
        values = {"not_after": self._day(watch.not_after), "value": digits(watch)}
        if left < 0:
            return self._say("watch_line_over", **values)
        line = self._say(f"watch_line_{watch.purpose}", **values, days=str(left))
        return line if watch.state == "watching" else self._say("watch_line_stopped", detail=line)

    def switch(self, watch: Watch) -> Button:
        """What stops the reminders of a certificate, or begins them again."""
        return self._button("stop" if watch.state == "watching" else "resume", watch)

    def _renewal(self, watch: Watch) -> tuple[Part, ...]:
        """The company's way to a new certificate."""
        row = self.book.remedies.get("renew")
        if watch.purpose == "server" or row is None:
            return (Text(self._say("watch_renewal_server")),)
        language = self.whom.language
        values = {
            name: self.book.say(f"default_{name}", language)
            for name in ("server", "address", "issuer", "not_after")
        }

        def told(words: object) -> str:
            return self.book.step(words, outlook, language, values)  # type: ignore[arg-type]

        outlook = self.book.outlook({})
        numbered = (
            NumberedStep(told(step), told(step.warning) if step.warning else None)
            for step in row.steps(outlook)
        )
        return Text(self._say("watch_renewal")), Steps(tuple(numbered))

    def _next(self, watch: Watch) -> str:
        return self._day(watch.due) if watch.due else self._say("watch_no_more_dates")

    def _ways(self, watch: Watch, *names: str) -> Buttons:
        return Buttons(tuple(self._button(name, None if name == "list" else watch) for name in names))

    def _button(self, name: str, watch: Watch | None = None, *, primary: bool = False) -> Button:
        id_ = button_id("watch", name, *((str(watch.id),) if watch else ()))
        return Button(id_, self._say(f"button_watch_{name}"), "primary" if primary else None)

    def _day(self, at: datetime) -> str:
        return day(at, self.whom.time_zone, self.whom.language)

    def _say(self, name: str, **values: str) -> str:
        return self.book.say(name, self.whom.language, **values)

    def _message(self, *parts: Part) -> Message:
        return Message(parts, self.whom.language)
