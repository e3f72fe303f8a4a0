"""What is known and what was tried, in the shapes in which a conversation stores them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

# Who told a fact: the words, a picture, a button, a check on a file, how a remedy ended, the Slack profile,
# the company's file.
Source = Literal["text", "picture", "answer", "file", "outcome", "profile", "company"]


class Known(BaseModel):
    """One fact's value, who told it, and when.

    `turn` is the turn in which it was first told, `changed` the turn in which another value was replaced
    (0: never). `fingerprint` names the certificate that a file's fact is about.
    """

    model_config = ConfigDict(frozen=True)

    value: str
    source: Source
    turn: int = 0
    changed: int = 0
    fingerprint: str | None = None


class Attempt(BaseModel):
    """A remedy that was advised and how it ended.

    `outcome` is "solved", "not_solved", "could_not" or an outcome of the remedy's own; `reason` says why
    it could not be done. Only what was done and did not help counts as tried.
    """

    model_config = ConfigDict(frozen=True)

    remedy: str
    outcome: str
    turn: int
    reason: str | None = None

    @property
    def counts_as_tried(self) -> bool:
        return self.outcome == "not_solved"
