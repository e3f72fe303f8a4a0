"""How the workspace says no."""

from collections.abc import Sequence


class Refused(Exception):
    """A call is refused: `error` is Slack's word for it, `faults` say what is wrong with the arguments.

    `more` are the further fields of the answer.
    """

    def __init__(self, error: str, faults: Sequence[str] = (), **more: str) -> None:
        super().__init__(error)
        self.error = error
        self.faults = list(faults)
        self.more = more
