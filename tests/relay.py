"""Servers on loopback that pass on what they get."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Served, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on a free port, whose connections all end with the block; gives the port."""
    at_work: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        at_work.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.transport.abort()
        at_work.discard(task)

    made = await asyncio.start_server(one, "127.0.0.1", 0, ssl=tls)
    try:
        yield made.sockets[0].getsockname()[1]
    finally:
        made.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)


async def join(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    there: int | Path,
    change: Callable[[bytes], bytes] = bytes,
) -> None:
    """Passes everything on to a port or a socket of this machine and back, until one side ends."""
    there_reader, there_writer = await (
        asyncio.open_unix_connection(there)
        if isinstance(there, Path)
        else asyncio.open_connection("127.0.0.1", there)
    )

    async def pass_on(
        source: asyncio.StreamReader, sink: asyncio.StreamWriter, change: Callable[[bytes], bytes]
    ) -> None:
        while piece := await source.read(65536):
            sink.write(change(piece))
            await sink.drain()

    both = [
        asyncio.ensure_future(pass_on(reader, there_writer, change)),
        asyncio.ensure_future(pass_on(there_reader, writer, bytes)),
    ]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        there_writer.transport.abort()
