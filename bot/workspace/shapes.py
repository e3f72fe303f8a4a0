"""A small language for the shapes of Block Kit: a shape says, in Slack's words, what is wrong with a value.

A fault is a sentence with a JSON pointer, as Slack puts it in `response_metadata`, for example
`must be less than 151 characters [json-pointer:/blocks/0/text/text]`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.workspace.wire import Json

TEXT_FLAGS = {"plain_text": "emoji", "mrkdwn": "verbatim"}
"""Each kind of text object, and the one flag that it may carry."""


class Shape(Protocol):
    """Says what is wrong with a value."""

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`, which stands at the JSON pointer `pointer`; none if it fits."""
        ...


Rule = Callable[[Json, str], Iterator[str]]
"""What must hold between the fields of one object."""


def at(fault: str, pointer: str) -> str:
    """The sentence with its place."""
    return f"{fault} [json-pointer:{pointer}]"


def _length(text: str, least: int, most: int, pointer: str) -> Iterator[str]:
    if len(text) < least:
        yield at(f"must be more than {least - 1} characters", pointer)
    if len(text) > most:
        yield at(f"must be less than {most + 1} characters", pointer)


@dataclass(frozen=True)
class String:
    """A string of `least` to `most` characters, or one of a few words."""

    most: int
    least: int = 1
    among: Collection[str] = ()
    begins: tuple[str, ...] = ()
    pattern: str = ""
    """A regular expression that the whole string fits; then nothing else is looked at."""

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, str):
            yield at("must be a string", pointer)
            return
        if self.pattern:
            if not re.fullmatch(self.pattern, value, re.ASCII):
                yield at("must match the expected format", pointer)
            return
        yield from _length(value, self.least, self.most, pointer)
        if self.among and value not in self.among:
            yield at("must be a valid enum value", pointer)
        if self.begins and not value.startswith(self.begins):
            yield at("must be a valid URL", pointer)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, bool):
            yield at("must be a boolean", pointer)


@dataclass(frozen=True)
class Number:
    """A whole number between `least` and `most`, both included."""

    least: int
    most: int

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, int) or isinstance(value, bool):
            yield at("must be an integer", pointer)
        elif not self.least <= value <= self.most:
            yield at(f"must be between {self.least} and {self.most}", pointer)


@dataclass(frozen=True)
class Text:
    """A text object (`plain_text`, `mrkdwn`) of `least` to `most` characters."""

    most: int
    kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
    least: int = 1

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, dict):
            yield at("must be an object", pointer)
            return
        kind = value.get("type")
        if kind not in self.kinds:
            yield at(f"unsupported type: {kind}", f"{pointer}/type")
            return
        for name in value.keys() - {"type", "text", TEXT_FLAGS[kind]}:
            yield at(f"invalid additional property: {name}", pointer)
        if TEXT_FLAGS[kind] in value:
            yield from Flag().faults(value[TEXT_FLAGS[kind]], f"{pointer}/{TEXT_FLAGS[kind]}")
        if "text" not in value:
            yield at("missing required field: text", pointer)
        else:
            yield from String(self.most, self.least).faults(value["text"], f"{pointer}/text")


@dataclass(frozen=True)
class Many:
    """A list of `least` to `most` things of one shape."""

    of: Shape
    most: int
    least: int = 1

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, list):
            yield at("must be an array", pointer)
            return
        if len(value) < self.least:
            yield at(f"no fewer than {self.least} items allowed", pointer)
        if len(value) > self.most:
            yield at(f"no more than {self.most} items allowed", pointer)
            return
        for index, item in enumerate(value):
            yield from self.of.faults(item, f"{pointer}/{index}")


@dataclass(frozen=True)
class OrNull:
    """The shape, or null."""

    otherwise: Shape

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if value is not None:
            yield from self.otherwise.faults(value, pointer)


@dataclass(frozen=True)
class Record:
    """An object with exactly these fields; `type`, where it has one, was looked at by `Choice`."""

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, dict):
            yield at("must be an object", pointer)
            return
        found = False
        for name in self.required.keys() - value.keys():
            found = True
            yield at(f"missing required field: {name}", pointer)
        for name in value.keys() - self.required.keys() - self.optional.keys() - {"type"}:
            yield at(f"invalid additional property: {name}", pointer)
        for name, shape in (*self.required.items(), *self.optional.items()):
            if name in value:
                for fault in shape.faults(value[name], f"{pointer}/{name}"):
                    found = True
                    yield fault
        if not found:  # rules may rely on the fields' shapes
            for rule in self.rules:
                yield from rule(value, pointer)


@dataclass(frozen=True)
class Choice:
    """An object whose `type` says which shape it has."""

    among: Mapping[str, Shape]

    def faults(self, value: object, pointer: str) -> Iterator[str]:
        """The faults of `value`."""
        if not isinstance(value, dict):
            yield at("must be an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            yield at("missing required field: type", pointer)
        elif not isinstance(kind, str) or kind not in self.among:
            yield at(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from self.among[kind].faults(value, pointer)
