"""The process that reads a picture's text: `python -m bot.picture_reader`, started by bot.pictures alone.

Frames go in and out, each four bytes of length (big-endian) and so many bytes: a picture's file in, JSON
out, {"lines": […]} or {"refused": reason}. Whatever a broken picture does to a decoder it does here, where
there is nothing to take: no setting, no token, and no file or connection that could be opened once the
models are loaded. It ends when its input ends.
"""

import contextlib
import json
import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bot import picture_models
from bot.picture_file import LONG_SIDE, Refused, decoded, prepare
from bot.picture_lines import Piece, lines
from bot.picture_models import THREADS, Reading

if TYPE_CHECKING:
    from bot.picture_models import Pixels

BYTES_AT_MOST = 10 * 1024 * 1024
MEMORY_AT_MOST = 2 * 1024**3
"""Bytes of address space."""
SECONDS_AT_MOST = 20
"""From the asking to the answer, the start of the process included."""

_SURE = 0.6
"""Of 1: a line read with less is noise."""
_UPRIGHT = 0.8
"""Of 1: read with less on the whole, a picture may stand on its head."""


def text_of(data: bytes, read: Reading) -> tuple[str, ...]:
    """The lines of a picture. Raises Refused."""
    import numpy as np

    pixels: Pixels = np.ascontiguousarray(np.asarray(decoded(data))[:, :, ::-1])  # blue first
    best = read(pixels)
    for quarters in _other_ways_up(best):
        found = read(np.ascontiguousarray(np.rot90(pixels, quarters)))
        if _weight(found) > 1.2 * _weight(best):
            best = found
    sure = [piece for piece, certainty in best if certainty >= _SURE]
    if not sure:
        raise Refused("nothing")
    return lines(sure)


def _other_ways_up(found: list[tuple[Piece, float]]) -> tuple[int, ...]:
    """By how many quarters to turn the picture, where it hardly reads as it is."""
    if not found:
        return ()
    area = sum(piece.length * piece.height for piece, _ in found)
    standing = sum(piece.length * piece.height for piece, _ in found if piece.is_standing)
    if standing > area / 2:
        return (1, 3)
    certainty = sum(piece.length * piece.height * certainty for piece, certainty in found) / area
    return (2,) if certainty < _UPRIGHT else ()


def _weight(found: list[tuple[Piece, float]]) -> float:
    """How much was read, a doubtful letter counting little."""
    return sum(len(piece.text) * certainty**4 for piece, certainty in found if not piece.is_standing)


# --- the process ---


def confine() -> None:
    """Less than a process may do otherwise, where the system knows such limits."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_AT_MOST, MEMORY_AT_MOST))
    with contextlib.suppress(AttributeError, OSError):
        os.nice(2)


def close_doors() -> None:
    """From here on no file, no connection and no process can be opened."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def allow_seconds() -> None:
    """The processor's time for one more picture: all threads, a little more than the parent waits."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        more = math.ceil(used.ru_utime + used.ru_stime) + (THREADS + 1) * SECONDS_AT_MOST
        resource.setrlimit(resource.RLIMIT_CPU, (more, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _next_frame(source: BinaryIO) -> bytes | None:
    """None at the end of the input, or where a frame is cut off or longer than a picture may be."""
    head = source.read(4)
    length = int.from_bytes(head, "big")
    if len(head) < 4 or length > BYTES_AT_MOST:
        return None
    data = source.read(length)
    return data if len(data) == length else None


def answer(data: bytes, read: Reading) -> dict[str, Any]:
    try:
        return {"lines": text_of(data, read)}
    except Refused as refused:
        return {"refused": refused.reason}


def loaded() -> Reading | None:
    """The decoders and the models; None where the extra `ocr` is not installed."""
    try:
        prepare(THREADS)
        return picture_models.load(LONG_SIDE)
    except ImportError:
        return None


def main() -> None:
    """Answers one picture after the other. Whatever else a picture does ends the process."""
    confine()
    # what a library prints must not get between the frames
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    allow_seconds()
    read = loaded()
    close_doors()
    while (data := _next_frame(sys.stdin.buffer)) is not None:
        allow_seconds()
        said = answer(data, read) if read else {"refused": "absent"}
        del data
        try:
            answers.write(framed(json.dumps(said).encode()))
            answers.flush()
        except BrokenPipeError:
            os._exit(0)  # nobody waits any more, and a second attempt at the exit would fail as well


if __name__ == "__main__":
    main()
