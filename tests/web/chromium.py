"""A headless Chromium, driven over its own debugging socket; it keeps what it asked for and what it was sent."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tapewatch.core.clock import elapsed

FOUND = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars",
    "--remote-debugging-port=0",
)  # fmt: skip


class Chromium:
    """One page of a browser with a profile of its own in `folder`."""

    def __init__(self, folder: Path, size: tuple[int, int] = (1100, 760)) -> None:
        self._folder, self._open = folder, ExitStack()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.received = b""
        self._numbers, self._answers = 0, dict[int, dict[str, Any]]()
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        command = [FOUND or "", *QUIET, *root, f"--window-size={size[0]},{size[1]}", f"--user-data-dir={folder}"]
        home = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        self._process = subprocess.Popen(
            [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=home
        )
        try:
            self._line = self._page()
        except BaseException:
            self._end()
            raise

    def _page(self) -> ClientConnection:
        """The debugging socket of a fresh page."""
        begun, told = elapsed(), self._folder / "DevToolsActivePort"
        while not (told.exists() and len(told.read_text().splitlines()) == 2):
            assert elapsed() - begun < 60, "Chromium does not start"
            assert self._process.poll() is None, "Chromium has ended"
            time.sleep(0.1)
        port, path = told.read_text().splitlines()
        with connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as browser:
            wanted = {"url": "about:blank"}
            browser.send(json.dumps({"id": 1, "method": "Target.createTarget", "params": wanted}))
            while True:
                answer = json.loads(browser.recv())
                if answer.get("id") == 1:
                    page = f"ws://127.0.0.1:{port}/devtools/page/{answer['result']['targetId']}"
                    return self._open.enter_context(connect(page, max_size=None))

    def __enter__(self) -> Self:
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._end()

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Ask the browser for something."""
        self._numbers += 1
        number = self._numbers
        self._line.send(json.dumps({"id": number, "method": method, "params": parameters}))
        self.listen(30, lambda: number in self._answers)
        answer = self._answers.pop(number)
        assert "error" not in answer, (method, answer)
        found: dict[str, Any] = answer["result"]
        return found

    def listen(self, seconds: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Hear what the browser tells for so long, or until it is enough."""
        begun = elapsed()
        while not enough() and elapsed() - begun < seconds:
            try:
                self._hear(json.loads(self._line.recv(timeout=0.1)))
            except TimeoutError:
                continue
            except ConnectionClosed:
                return

    def _hear(self, said: dict[str, Any]) -> None:
        if "id" in said:
            self._answers[said["id"]] = said
            return
        told, what = said["params"], said["method"]
        if what == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        elif what == "Network.webSocketCreated":
            self.asked.append(told["url"])
        elif what == "Network.webSocketFrameReceived" and told["response"]["opcode"] == 2:
            self.received += base64.b64decode(told["response"]["payloadData"])
        elif what == "Log.entryAdded":
            self.complaints.append(told["entry"]["text"])
        elif what == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"]))

    def open(self, address: str) -> None:
        """Go to a page."""
        self.call("Page.navigate", url=address)

    def value(self, script: str) -> Any:
        """What a script in the page comes to; promises are waited for."""
        return self.call("Runtime.evaluate", expression=script, awaitPromise=True)["result"].get("value")

    def press(self, text: str) -> None:
        """Type a letter."""
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, key=text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=text)

    def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
