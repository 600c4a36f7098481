"""The line itself: a CONNECT proxy that ends TLS with a throw-away certificate and answers in-process."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from http.client import parse_headers
from io import BufferedReader
from pathlib import Path
from typing import Literal

import trustme

from .bodies import text
from .troubles import Made, Reply

HOSTS = ("fc.yahoo.com", "query1.finance.yahoo.com", "query2.finance.yahoo.com")
REFUSALS = {
    "password": b"HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=desk\r\nContent-Length: 0\r\n\r\n",
    "no way": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
}
_AT_ONCE = struct.pack("ii", 1, 0)
Answer = Callable[[str, str], Reply]
"""Host and target of a request to what goes back."""


Mood = Literal[
    "well", "silent", "password", "no way", "of a stranger", "of another host", "out of date"
]  # fmt: skip
"""How the line itself is: nobody answers, the proxy wants a password or lets nothing
through, the certificate is not to be trusted."""


class Line:
    """Listens on a free port of loopback until stopped; `authority` is the file of its own CA.

    `sent` counts the bytes of answers that went out. Other hosts than `hosts` are strangers: refused and named.
    """

    def __init__(self, answer: Answer, strangers: list[str], folder: Path, hosts: tuple[str, ...] = HOSTS) -> None:
        self._answer, self._strangers, self._hosts = answer, strangers, hosts
        root = trustme.CA()
        self._papers = {
            "good": _papers(root, *hosts),
            "of a stranger": _papers(trustme.CA(), *hosts),
            "of another host": _papers(root, "example.com"),
            "out of date": _papers(root, *hosts, ends=datetime(2020, 1, 1, tzinfo=UTC)),
        }
        self.mood: Mood = "well"
        self.sent = 0
        self.authority = folder / "authority.pem"
        root.cert_pem.write_to_path(str(self.authority))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self.stopping = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        """Close everything and wait for the threads."""
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._guard:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def become(self, mood: Mood) -> None:
        """Change the line; whoever is connected is cut off."""
        self.mood = mood
        with self._guard:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        try:
            self._tunnel(client)
        except OSError:
            pass  # the client went away, as clients do
        finally:
            client.close()

    def _tunnel(self, client: socket.socket) -> None:
        with self._known(client):
            host = _connected_to(client)
            if host not in self._hosts:
                self._strangers.append(host)
                client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            if self.mood in REFUSALS:
                client.sendall(REFUSALS[self.mood])
                return
            if self.mood == "silent":
                self.stopping.wait(60)
                return
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            papers = self._papers.get(self.mood, self._papers["good"])
            secured = papers.wrap_socket(client, server_side=True)
        with self._known(secured), secured, secured.makefile("rb") as incoming:
            while self._exchange(host, secured, incoming):
                pass

    @contextlib.contextmanager
    def _known(self, one: socket.socket) -> Generator[None, None, None]:
        with self._guard:
            self._open.add(one)
        try:
            yield
        finally:
            with self._guard:
                self._open.discard(one)

    def _exchange(self, host: str, secured: ssl.SSLSocket, incoming: BufferedReader) -> bool:
        asked = incoming.readline().split()
        if len(asked) != 3:
            return False
        headers = parse_headers(incoming)
        incoming.read(int(headers.get("Content-Length", 0)))
        reply = self._answer(host, asked[1].decode())
        if reply.wait and self.stopping.wait(reply.wait):
            return False
        for piece in _pieces(reply):
            if reply.drip and self.stopping.wait(reply.drip):
                return False
            secured.sendall(piece)
            self.sent += len(piece)
        if reply.reset:
            # lingering for no time makes the close a reset
            secured.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        return not (reply.reset or reply.closes or reply.cut is not None)


def _papers(root: trustme.CA, *hosts: str, ends: datetime | None = None) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    root.issue_cert(*hosts, not_after=ends).configure_cert(made)  # pyright: ignore[reportUnknownMemberType]
    return made


def _pieces(reply: Reply) -> Iterator[bytes]:
    """The bytes as they go out: all at once, one by one, cut short, or as the body makes them."""
    if isinstance(reply.body, Made):
        yield _head(reply, None)
        yield from reply.body.pieces()
        return
    whole = _encoded(reply)
    whole = whole[: 0 if reply.reset and reply.cut is None else reply.cut]
    if reply.drip:
        yield from (whole[at : at + 1] for at in range(len(whole)))
    else:
        yield whole


def _connected_to(client: socket.socket) -> str:
    asked = b""
    while not asked.endswith(b"\r\n\r\n"):
        more = client.recv(4096)
        if not more:
            raise ConnectionError("gone before it asked")
        asked += more
    return asked.split()[1].decode().partition(":")[0]


def _encoded(reply: Reply) -> bytes:
    body = text(reply.body)
    return _head(reply, len(body)) + body


def _head(reply: Reply, length: int | None) -> bytes:
    known = {} if length is None else {"Content-Length": str(length)}
    headers = known | {"Cache-Control": "max-age=10"} | reply.headers
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()
