"""Reads the text in a picture, in a process of its own; the picture is kept nowhere and nothing logged."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.picture_file import Refusal
from bot.picture_reader import BYTES_AT_MOST, SECONDS_AT_MOST, framed

logger = logging.getLogger(__name__)

WAITING_AT_MOST = 8
"""Pictures at a time, the one that is being read included."""
KEPT_SECONDS = 300.0
"""How long the process, with its models loaded, waits for the next picture."""

_ANSWER_AT_MOST = 1024 * 1024
_TOLD = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_ROOT = Path(__file__).parents[1]

Reason = Literal[Refusal, "not_a_picture", "timeout", "crashed", "busy"]
"""Why there is no text: the extra `ocr` is not installed (absent); more than 10 MiB or 50 million pixels
(too_large); cut off or wrong (broken); a film (animated); no text in it that could be read (nothing); some
other file (not_a_picture); it took too long (timeout); its reading ended the process (crashed); too many are
waiting (busy: later it may be read)."""


class NotRead(Exception):
    """The picture was not read."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


@dataclass(frozen=True)
class PictureText:
    """What is written in a picture."""

    lines: tuple[str, ...]
    """Top to bottom, left to right; what the window folded is one line, every button one of its own."""


def is_picture(data: bytes) -> bool:
    """Whether it begins as a PNG, JPEG, HEIC, AVIF, GIF, WebP, BMP or TIFF does."""
    starts = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
    if data.startswith(starts):
        return True
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    if data[4:8] == b"ftyp":
        brands = {data[at : at + 4] for at in (8, *range(16, min(int.from_bytes(data[:4], "big"), 64), 4))}
        return bool(
            brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
        )
    # "BM" alone begins many a text: the length of the header after it tells
    return data[:2] == b"BM" and data[14:18] in {
        bytes((size, 0, 0, 0)) for size in (12, 40, 52, 56, 108, 124)
    }


class Pictures:
    """One process at most reads one picture at a time; it starts with the first and goes when unused."""

    def __init__(
        self,
        *,
        seconds: float = SECONDS_AT_MOST,
        kept: float = KEPT_SECONDS,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._seconds = seconds
        self._kept = kept
        self._environment = environment
        self._one = asyncio.Lock()
        self._wanted = 0
        self._process: asyncio.subprocess.Process | None = None
        self._leaving: asyncio.Task[None] | None = None

    @property
    def process(self) -> int | None:
        """The process's id, while there is one."""
        return self._process.pid if self._process else None

    async def read(self, data: bytes) -> PictureText:
        """The text in the picture, in at most 20 seconds from when its turn comes. Raises NotRead."""
        if not is_picture(data):
            raise NotRead("not_a_picture")
        if len(data) > BYTES_AT_MOST:
            raise NotRead("too_large")
        if self._wanted >= WAITING_AT_MOST:
            raise NotRead("busy")
        self._wanted += 1
        try:
            async with self._one:
                return await self._read(data)
        finally:
            self._wanted -= 1

    async def close(self) -> None:
        """Ends the process, also in the middle of a picture, which is then not read ("crashed")."""
        if self._leaving:
            self._leaving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._leaving
            self._leaving = None
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        async with self._one:
            await self._end()

    async def _read(self, data: bytes) -> PictureText:
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None
        kept = False
        try:
            async with asyncio.timeout(self._seconds):
                said = await self._ask(data)
            kept = said.get("refused") != "absent"
        except TimeoutError:
            logger.warning("a picture took longer than %d s to read", self._seconds)
            raise NotRead("timeout") from None
        except (OSError, EOFError, ValueError):
            logger.warning("the process that reads pictures ended")
            raise NotRead("crashed") from None
        finally:
            if kept:
                self._leaving = asyncio.create_task(self._leave())
            else:  # also where the asking was cancelled: nobody would fetch this answer
                await self._end()
        if "refused" in said:
            raise NotRead(said["refused"])
        return PictureText(tuple(str(line) for line in said["lines"]))

    async def _ask(self, data: bytes) -> dict[str, Any]:
        process = await self._running()
        assert process.stdin
        assert process.stdout
        process.stdin.write(framed(data))
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(4), "big")
        if length > _ANSWER_AT_MOST:
            raise ValueError("an answer of that length is none")
        said: dict[str, Any] = json.loads(await process.stdout.readexactly(length))
        return said

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process and self._process.returncode is None:
            return self._process
        await self._end()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-B", "-m", "bot.picture_reader"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=self._told(),
            start_new_session=True,
        )
        return self._process

    def _told(self) -> dict[str, str]:
        """The child's whole environment: no setting and no token."""
        told = {name: self._environment[name] for name in _TOLD if name in self._environment}
        # two heaps rather than one a thread: they are counted as address space
        return {**told, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}

    async def _leave(self) -> None:
        await asyncio.sleep(self._kept)
        async with self._one:
            self._leaving = None
            await self._end()

    async def _end(self) -> None:
        """Nothing is left of the process, whatever it was doing."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin
        assert process.stdout
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.stdin.close()
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()
        with contextlib.suppress(OSError):
            while await process.stdout.read(65536):
                pass
        await process.wait()
