"""The server on the loopback address: the page, its parts, and a socket for each tab."""

import asyncio
import contextlib
import json
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files

from aiohttp import WSMsgType, web

from .door import guards, new_token, refusal
from .tab import Tab, believed

LOOPBACK = "127.0.0.1"
MOST_TABS = 12
"""Screens at once; each is a process of some 60 MB."""
LARGEST = 65_536
"""Bytes of one message of a tab."""
TEND_EVERY = 5.0
HEARTBEAT = 15.0
"""Seconds after which a tab that has gone without a word is missed."""
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def listening(port: int) -> socket.socket:
    """A socket on the loopback address and no other; port 0 is any that is free. Raises OSError where it is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


class _Answering(web.RequestHandler):
    """A connection. What is no request at all is answered before any door, and told no more than at the door."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What the library would answer, without its name and its words. Raises ConnectionError in an answer."""
        super().handle_error(request, status, exc, message)
        made = web.Response(status=status, text="This could not be answered.\n", headers=guards(LOOPBACK))
        made.force_close()
        return made


class Serving:
    """The monitor for browsers that have the link. `command` starts one screen."""

    def __init__(self, command: Sequence[str]) -> None:
        self.token = new_token()
        self._command = tuple(command)
        self._tabs: set[Tab] = set()
        self._closing = False
        self._page, self._script = _part("page.html"), _part("page.js")

    def application(self) -> web.Application:
        """What is served: nothing outside the path of the token."""
        made = web.Application(middlewares=[self._door], client_max_size=LARGEST)
        made.router.add_get(f"/{self.token}", self._to_page)
        made.router.add_get(f"/{self.token}/", self._shown_page)
        made.router.add_get(f"/{self.token}/page.js", self._shown_script)
        made.router.add_get(f"/{self.token}/ws", self._screen)
        made.router.add_static(f"/{self.token}/static", str(files("textual_serve").joinpath("static")))
        made.on_response_prepare.append(self._guarded)
        return made

    async def serve(self, socket_: socket.socket, ready: Callable[[], None], tend: Callable[[], object]) -> None:
        """Serve until a signal says to end; then every screen has ended too. `tend` is called now and then."""
        # what goes wrong with a request is answered to who sent it, and is nothing for this terminal
        logging.getLogger("aiohttp").disabled = True
        for name in ("access", "server", "web", "websocket", "internal"):
            logging.getLogger(f"aiohttp.{name}").disabled = True
        over, loop = asyncio.Event(), asyncio.get_running_loop()
        for one in ENDS:
            loop.add_signal_handler(one, over.set)
        runner = web.AppRunner(self.application(), access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        assert runner.server is not None
        answers = runner.server
        listener = await loop.create_server(lambda: _Answering(answers, loop=loop), sock=socket_)
        try:
            ready()
            while not over.is_set():
                tend()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(over.wait(), TEND_EVERY)
        finally:
            self._closing = True
            listener.close()
            await asyncio.gather(*(tab.stop() for tab in [*self._tabs]))
            await runner.cleanup()

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = refusal(request.path, request.headers, self.token)
        if refused is not None:
            return web.Response(status=403, text=refused)
        return await handler(request)

    async def _guarded(self, request: web.Request, response: web.StreamResponse) -> None:
        host = request.headers.get("Host", "")
        response.headers.update(guards(host if response.status != 403 else LOOPBACK))

    async def _to_page(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": f"/{self.token}/"})

    async def _shown_page(self, request: web.Request) -> web.StreamResponse:
        # the door has let in this Host as one of two names and a number: nothing in it can act
        text = self._page.replace("{host}", request.headers["Host"]).replace("{token}", self.token)
        return web.Response(text=text, content_type="text/html")

    async def _shown_script(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=self._script, content_type="text/javascript")

    async def _screen(self, request: web.Request) -> web.StreamResponse:
        """One tab, from its first picture until either side ends."""
        if self._closing or len(self._tabs) >= MOST_TABS:
            return web.Response(status=503, text=f"There are {MOST_TABS} screens open already; close one.\n")
        try:
            size = believed(request.query.get("width", "80"), request.query.get("height", "24"))
        except ValueError:
            return web.Response(status=400, text="That is no size of a screen.\n")
        line = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=LARGEST, compress=True)
        if not line.can_prepare(request):
            return web.Response(status=400, text="A screen is shown over a WebSocket.\n")
        tab = Tab(self._command, line.send_bytes)
        self._tabs.add(tab)
        try:
            await line.prepare(request)
            await tab.start(*size)
            await self._both(line, tab)
        finally:
            # a handler that is cancelled must not leave a process behind
            await asyncio.shield(tab.stop())
            self._tabs.discard(tab)
            if line.prepared:
                with contextlib.suppress(ConnectionError):
                    await line.close()
        return line

    async def _both(self, line: web.WebSocketResponse, tab: Tab) -> None:
        """Both directions, until one of them ends."""
        ways = [asyncio.ensure_future(tab.shown()), asyncio.ensure_future(_heard(line, tab))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


def _part(name: str) -> str:
    return files(__name__.rpartition(".")[0]).joinpath(name).read_text(encoding="utf-8")


async def _heard(line: web.WebSocketResponse, tab: Tab) -> None:
    """What the tab says: keys, sizes, whether it still answers. Anything else is passed over."""
    async for message in line:
        if message.type != WSMsgType.TEXT:
            continue
        # a thousand brackets are a message too deep to be read
        with contextlib.suppress(ValueError, TypeError, KeyError, IndexError, ConnectionError, RecursionError):
            kind, *rest = json.loads(message.data)
            if kind == "stdin" and isinstance(rest[0], str):
                await tab.typed(rest[0])
            elif kind == "resize":
                await tab.resized(*believed(rest[0]["width"], rest[0]["height"]))
            elif kind == "ping":
                await line.send_json(["pong", rest[0]])
