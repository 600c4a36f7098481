"""A webhook of our own: what it was sent, and what it answers."""

import json
import ssl
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PATIENCE = 30.0
NEVER = 0
"""In place of a status: the answer never comes."""
ENDLESS = 1
"""In place of a status: the answer never ends."""


class Post:
    """A real HTTP server on this machine; `answers` are the statuses it gives one after another, the last for ever."""

    def __init__(
        self, *answers: int, headers: Sequence[tuple[str, str]] = (), secure: ssl.SSLContext | None = None
    ) -> None:
        self.answers, self.headers = list(answers or (200,)), headers
        self.received: list[dict[str, Any]] = []
        self.heads: list[dict[str, str]] = []
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if secure is not None:
            self._server.socket = secure.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if secure else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}/hook"

    @property
    def port(self) -> int:
        """Its port."""
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _next(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        post = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                post.heads.append({"path": self.path, **self.headers})
                post.received.append(json.loads(content))
                post._answer(self, post._next())

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Nothing on the terminal of a test run."""

        return Handler

    def _answer(self, line: BaseHTTPRequestHandler, status: int) -> None:
        if status == NEVER:
            self._over.wait(PATIENCE)
            return
        line.send_response(200 if status == ENDLESS else status)
        for name, value in self.headers:
            line.send_header(name, value)
        if status != ENDLESS:
            line.send_header("Content-Length", "0")
        line.end_headers()
        try:
            while status == ENDLESS and not self._over.is_set():
                line.wfile.write(b"x" * 65536)
        except OSError:
            pass
