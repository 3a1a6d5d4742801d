"""TLS for a whole run: a throw-away certificate, and an end of TLS in front of plain servers.

In front, because that is where operators have it too: the service itself speaks plain HTTP.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from werkzeug.serving import make_ssl_devcert

CHUNK = 1 << 16


@dataclass(frozen=True)
class Tls:
    """A certificate for every name under `localhost`, signed by itself."""

    certificate: str
    key: str

    @classmethod
    def made_in(cls, folder: Path) -> Self:
        return cls(*make_ssl_devcert(str(folder / "tls"), host="localhost"))

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self.key)
        return made


@contextmanager
def front(tls: Tls, port: int) -> Iterator[int]:
    """Answer for the plain server at `port`; yield the port that speaks TLS."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(_listen(tls, port), loop).result()
        yield server.sockets[0].getsockname()[1]
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(tls: Tls, port: int) -> asyncio.Server:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        service = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass_on(reader, service[1]), _pass_on(service[0], writer))

    return await asyncio.start_server(connect, "127.0.0.1", 0, ssl=tls.context())


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Forward what comes; when one side hangs up, so do we on the other."""
    with contextlib.suppress(OSError):
        while sent := await source.read(CHUNK):
            target.write(sent)
            await target.drain()
    target.close()


async def _stop(server: asyncio.Server) -> None:
    """Hang up on everybody."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
