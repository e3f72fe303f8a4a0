"""A talk with the bot in the terminal, by the tables as they are now; `:reload` reads them again.

The one module of knowledge that knows the bot, and of it only the dialogue and what is as pure as that.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.dialogue import step
from bot.events import ButtonExpired, Event, LanguageChosen, MessagePosted, Restarted
from bot.knowing import known
from bot.plain import plain
from bot.proceed import MOST_QUESTIONS
from bot.replies import Button, Buttons, Feedback, Message, Part, Reply, Say, Whisper
from knowledge.book import Book
from knowledge.decide import Advise, Ask, Decision, GiveUp
from knowledge.load import BadTables, load_with_remarks
from knowledge.rows import LANGUAGES, Case, Language

HELP = """\
Type what somebody would write, or press a button: its number, or the words on it.
  :facts           what is known, and from where
  :reload          read the tables again (after you changed them), and go on
  :restart         a new talk
  :language en     the other language (ja, en)
  :help            this; a line that ends in \\ goes on in the next one; Ctrl-D ends"""


class Asked(Protocol):
    """Gives the next line; raises EOFError at the end."""

    def __call__(self, prompt: str, /) -> str: ...


def talk(book: Book, folder: Path | None, language: Language, ask: Asked) -> None:
    """Talk until the end of the input."""
    trial = Trial(book, folder, language)
    print(HELP)
    while True:
        try:
            typed = _typed(ask)
        except EOFError:
            return
        for line in trial.hear(typed.strip(), datetime.now(UTC)):
            print(line)


def _typed(ask: Asked) -> str:
    lines = [ask("> ")]
    while lines[-1].endswith("\\"):
        lines[-1] = lines[-1][:-1]
        lines.append(ask("… "))
    return "\n".join(lines)


class Trial:
    """One person's talk, and the tables by which it goes."""

    def __init__(self, book: Book, folder: Path | None, language: Language) -> None:
        self._folder = folder
        self._language: Language = language
        self._book = _with_desk(book)
        self._conversation: Conversation | None = None
        self._buttons: list[Button] = []
        self._before: list[Button] = []

    def hear(self, typed: str, at: datetime) -> Iterator[str]:
        """The lines that answer what was typed."""
        command, _, rest = typed.partition(" ")
        match command:
            case "":
                return
            case ":help":
                yield HELP
            case ":facts":
                yield from self._facts()
            case ":reload":
                yield from self._reloaded()
            case ":restart":
                self._conversation, self._buttons, self._before = None, [], []
                yield "A new talk."
            case ":language":
                yield from self._other_language(rest.strip(), at)
            case _ if command.startswith(":"):
                yield f"There is no {command}. :help says what there is."
            case _:
                yield from self._answered(typed, at)

    def _answered(self, typed: str, at: datetime) -> Iterator[str]:
        button = self._pressed(typed)
        if button is None:
            yield from self._step(MessagePosted(typed, (), at))
            return
        yield f"[{button.label}]"
        event = pressed(button.id, at)
        if isinstance(event, ButtonExpired):
            yield "(In Slack this opens a dialog, or needs more than the tables.)"
            return
        if isinstance(event, Restarted):
            self._before = []
        yield from self._step(event)

    def _pressed(self, typed: str) -> Button | None:
        """The button of that number below the last answer, or the newest with these words on it."""
        if typed.isdecimal():
            return self._buttons[int(typed) - 1] if 0 < int(typed) <= len(self._buttons) else None
        words = typed.removeprefix("[").removesuffix("]")
        with_words = (one for one in (*self._buttons, *reversed(self._before)) if one.label == words)
        return next(with_words, None)

    def _step(self, event: Event) -> Iterator[str]:
        before = self._conversation or _somebody(self._language, event.at)
        after, replies = step(before, event, self._book)
        self._conversation = after
        self._before += self._buttons
        self._buttons = []
        yield ""
        yield plain([self._numbered(reply) for reply in replies])
        yield ""
        yield f"— {self._why(after)}"

    def _numbered(self, reply: Reply) -> Reply:
        """The reply with a number on each button that can be pressed here."""
        if not isinstance(reply, Say | Whisper):
            return reply
        parts = tuple(self._with_numbers(part) for part in reply.message.parts)
        return replace(reply, message=Message(parts, reply.message.language))

    def _with_numbers(self, part: Part) -> Part:
        match part:
            case Buttons(buttons):
                return Buttons(tuple(map(self._number, buttons)))
            case Feedback(good, bad):
                return Feedback(self._number(good), self._number(bad))
            case _:
                return part

    def _number(self, button: Button) -> Button:
        self._buttons.append(button)
        return replace(button, label=f"{len(self._buttons)} {button.label}")

    def _why(self, conversation: Conversation) -> str:
        """Which row and which of its cases decided."""
        row = conversation.row
        if row is None or row not in self._book.errors:
            return f"{conversation.phase}; no error"
        cases = self._book.errors[row].case
        facts = known(conversation, self._book)
        asked = conversation.phase == "asking" or len(conversation.asked) < MOST_QUESTIONS
        may_ask = conversation.advised or asked

        def decided(some: Sequence[Case]) -> Decision:
            return self._book.decide(some, facts, conversation.attempts, may_ask=may_ask)

        place = next(
            (at for at in range(1, len(cases) + 1) if not isinstance(decided(cases[:at]), GiveUp)), 0
        )
        said = f"{conversation.phase}; error.{row}"
        match decided(cases):
            case Ask(fact):
                return f"{said}; case {place} lacks {fact}: {case_text(cases[place - 1])}"
            case Advise(_, case):
                return f"{said}; case {case + 1} decides: {case_text(cases[case])}"
            case GiveUp():
                return f"{said}; no case is left: a person"

    def _facts(self) -> Iterator[str]:
        if self._conversation is None:
            yield "Nothing is known yet."
            return
        facts = known(self._conversation, self._book)
        yield from (f"{name} = {fact.value}   ({fact.source})" for name, fact in facts.items())
        for attempt in self._conversation.attempts:
            yield f"tried: {attempt.remedy}: {attempt.outcome}"
        if not facts:
            yield "Nothing is known yet."

    def _reloaded(self) -> Iterator[str]:
        try:
            loaded = load_with_remarks(self._folder)
        except BadTables as bad:
            yield from bad.faults
            yield "The tables have faults; the talk goes on by those of before."
            return
        self._book = _with_desk(loaded.book)
        yield from (f"warning: {remark}" for remark in loaded.remarks)
        yield "The tables were read again."

    def _other_language(self, typed: str, at: datetime) -> Iterator[str]:
        language = next((one for one in LANGUAGES if one == typed), None)
        if language is None:
            yield f"The languages are {', '.join(LANGUAGES)}."
            return
        self._language = language
        if self._conversation is not None:
            yield from self._step(LanguageChosen(language, at))


def case_text(case: Case) -> str:
    """A case as it stands in the table."""
    parts = []
    for name, conditions in (("known", case.known), ("when", case.when)):
        if conditions:
            inner = ", ".join(f"{fact} = {_values(values)}" for fact, values in conditions.items())
            parts.append(f"{name} = {{ {inner} }}")
    return ", ".join([*parts, f'do = "{case.do}"'])


def _values(values: Sequence[str]) -> str:
    quoted = [f'"{value}"' for value in values]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"


def _with_desk(book: Book) -> Book:
    """A helpdesk that has a channel, so that its cards are shown."""
    return book.with_company(book.company.model_copy(update={"desk": True}))


def _somebody(language: Language, at: datetime) -> Conversation:
    return Conversation(
        number=1, person="you", language=language, profile="user@example.co.jp", began=at, touched=at
    )


def from_the_terminal(prompt: str, /) -> str:
    """A line of standard input; the prompt only where somebody sits in front of it."""
    if sys.stdin.isatty():
        return input(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
