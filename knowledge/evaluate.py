"""How well messages with a known answer are recognised: by row and language, confusions, misses."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from knowledge.concept_tables import ROWS
from knowledge.json_lines import json_lines
from knowledge.recognise import Recognition

NO_ROW = ("ask", "none")
"""The labels that are no row."""


class BadExamples(Exception):
    """A file of examples cannot be read; the sentence names the line and what is wrong with it."""


class Example(BaseModel):
    """A message and its label: a row, "ask" if that cannot be known, "none"; and what is right as well."""

    model_config = ConfigDict(frozen=True)

    text: str
    label: str
    also_ok: tuple[str, ...] = ()
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one example was taken for."""

    example: Example
    taken_for: str
    """A row, "ask" or "none"."""
    recognition: Recognition

    @property
    def right(self) -> bool:
        return self.taken_for == self.example.label or self.taken_for in self.example.also_ok


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    of: int

    @property
    def part(self) -> float:
        """0 to 1; 1 of none."""
        return self.right / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures over one set of examples."""

    results: tuple[Result, ...]

    @property
    def belonging(self) -> Share:
        """Of those that belong to a row: how many got it."""
        return _share(one.right for one in self.results if one.example.label not in NO_ROW)

    @property
    def diagnosed_wrongly(self) -> Share:
        """Of those that belong to no row: how many got one all the same."""
        return _share(
            one.taken_for not in NO_ROW and not one.right
            for one in self.results
            if one.example.label == "none"
        )

    @property
    def asked_back(self) -> Share:
        """Of the vague ones: how many are asked back."""
        return _share(one.right for one in self.results if one.example.label == "ask")

    def by_label(self) -> dict[str, Share]:
        """Accuracy of each row, of "ask" and of "none"."""
        own = (one.example.label for one in self.results if one.example.label not in NO_ROW)
        labels = dict.fromkeys([*ROWS, *own, *NO_ROW])
        found = {label: [one.right for one in self.results if one.example.label == label] for label in labels}
        return {label: _share(right) for label, right in found.items() if right}

    def by_language(self) -> dict[str, Share]:
        """Accuracy by the example's language, else by the one that was recognised."""
        languages: dict[str, list[bool]] = {}
        for one in self.results:
            languages.setdefault(one.example.lang or one.recognition.language or "-", []).append(one.right)
        return {language: _share(right) for language, right in sorted(languages.items())}

    def confusion(self) -> Counter[tuple[str, str]]:
        """How often a label was taken for what."""
        return Counter((one.example.label, one.taken_for) for one in self.results)

    def misses(self) -> list[Result]:
        """Every example that was not recognised rightly."""
        return [one for one in self.results if not one.right]


def _share(right: Iterable[bool]) -> Share:
    values = list(right)
    return Share(sum(values), len(values))


def examples(lines: Iterable[str], rows: Iterable[str] = ROWS) -> Iterator[Example]:
    """The examples of a file, one JSON object a line; `rows` are the errors that there are.

    Raises BadExamples with the number of the line.
    """
    known = [*rows, *NO_ROW]
    for number, example in json_lines(lines, Example, BadExamples):
        if unknown := {example.label, *example.also_ok}.difference(known):
            raise BadExamples(f"line {number}: “{unknown.pop()}” is no label; there are {', '.join(known)}.")
        yield example


def evaluate(found: Iterable[Example], recognise: Callable[[str], Recognition]) -> Evaluation:
    """Every example recognised and compared."""
    results = []
    for example in found:
        recognition = recognise(example.text)
        taken_for = (
            recognition.row if recognition.decision == "row" and recognition.row else recognition.decision
        )
        results.append(Result(example, taken_for, recognition))
    return Evaluation(tuple(results))


def table(evaluation: Evaluation) -> str:
    """The figures as a person reads them in a terminal."""
    lines = [
        f"belongs to a row and got it   {_percent(evaluation.belonging)}",
        f"unrelated, yet diagnosed      {_percent(evaluation.diagnosed_wrongly)}",
        f"vague and asked back          {_percent(evaluation.asked_back)}",
        "",
    ]
    lines += [f"{label:24}{_percent(share)}" for label, share in evaluation.by_label().items()]
    lines.append("")
    lines += [f"{language:24}{_percent(share)}" for language, share in evaluation.by_language().items()]
    wrong = [(pair, count) for pair, count in evaluation.confusion().most_common() if pair[0] != pair[1]]
    if wrong:
        lines += ["", "taken for something else:"]
        lines += [f"{count:5}  {label} -> {taken_for}" for (label, taken_for), count in wrong]
    if missed := evaluation.misses():
        lines += ["", "misses:"]
        lines += [f"{one.example.label} -> {one.taken_for}: {_short(one.example.text)}" for one in missed]
    return "\n".join(lines)


def _percent(share: Share) -> str:
    return f"{share.part:7.1%}  ({share.right} of {share.of})"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else flat[:89] + "…"
