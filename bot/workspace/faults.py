"""What goes wrong on demand: failed, lost and late answers, repeated events, files that are no files."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratelimited:
    """429 with `Retry-After`, in seconds."""

    retry_after: int


@dataclass(frozen=True)
class Refusal:
    """200 and `ok: false`, with Slack's word for why it does not do what it was asked for."""

    error: str


@dataclass(frozen=True)
class ServerError:
    """500, without a word of JSON."""


@dataclass(frozen=True)
class Dropped:
    """The connection breaks without an answer."""

    done: bool
    """Whether the call had been carried out before."""


@dataclass(frozen=True)
class Late:
    """The answer comes, but only after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Held:
    """The call is carried out only after so many seconds, unless who made it has gone by then."""

    seconds: float


@dataclass(frozen=True)
class Stalled:
    """Half of the file comes, and the rest only after so many seconds, unless who asked has gone by then."""

    seconds: float


@dataclass(frozen=True)
class SignInPage:
    """200 with an HTML page, as Slack answers who may not see a file."""


@dataclass(frozen=True)
class Redirect:
    """302 to another place."""

    location: str


CallFault = Ratelimited | Refusal | ServerError | Dropped | Late | Held
FileFault = SignInPage | Redirect | ServerError | Dropped | Late | Stalled


class Faults:
    """The faults still to come, each used once, in the order given."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[CallFault | None]] = {}
        self._files: deque[FileFault] = deque()
        self._copies = 0
        self._events = 0

    def on_call(self, method: str, fault: CallFault, times: int = 1) -> None:
        """The next `times` calls of the Web API method (`*`: of any) meet the fault."""
        self._calls.setdefault(method, deque()).extend([fault] * times)

    def spare(self, method: str, times: int = 1) -> None:
        """The next `times` calls of the method meet no fault, whatever comes after them."""
        self._calls.setdefault(method, deque()).extend([None] * times)

    def on_file(self, fault: FileFault, times: int = 1) -> None:
        """The next `times` downloads meet the fault."""
        self._files.extend([fault] * times)

    def repeat(self, events: int = 1, copies: int = 1) -> None:
        """Each of the next `events` events is delivered `copies` times more, all at the same time."""
        self._events, self._copies = events, copies

    def of_call(self, method: str) -> CallFault | None:
        """Takes the fault that this call meets."""
        for name in (method, "*"):
            if self._calls.get(name):
                return self._calls[name].popleft()
        return None

    def of_file(self) -> FileFault | None:
        """Takes the fault that this download meets."""
        return self._files.popleft() if self._files else None

    @property
    def to_come(self) -> int:
        """How many calls and downloads have still to be met, those that are spared included."""
        return len(self._files) + sum(map(len, self._calls.values()))

    def copies(self) -> int:
        """Takes how many copies of this event are delivered."""
        if not self._events:
            return 0
        self._events -= 1
        return self._copies
