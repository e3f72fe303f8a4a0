"""The built-in lists, loaded once for all tests of recognition."""

from functools import cache
from pathlib import Path

import knowledge
from knowledge.concepts import Concepts
from knowledge.recognise import Recognition, recognise

CONCEPTS = Path(knowledge.__file__).parent / "tables" / "concepts.toml"


@cache
def concepts() -> Concepts:
    return Concepts.load(CONCEPTS)


def recognised(text: str) -> Recognition:
    return recognise(text, concepts())


def taken_for(text: str) -> str:
    """The row, "ask" or "none"."""
    recognition = recognised(text)
    return recognition.row or recognition.decision
