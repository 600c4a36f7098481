"""The server as a colleague, a neighbour on the same machine and a hostile page meet it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from tapewatch.web_command import NOT_INSTALLED

from ..end_to_end.conftest import command as command
from ..end_to_end.said import Command, Said
from ..life.tty import wait_until
from .conftest import Served
from .tabs import Screen, Server, alive

LINUX = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found in /proc, which is not here"
)


def got(server: Server, path: str, **headers: str) -> tuple[int, str]:
    """A plain request, with any Host."""
    line = http.client.HTTPConnection(server.host, timeout=20)
    line.putrequest("GET", path, skip_host=True)
    for name, value in ({"Host": server.host} | headers).items():
        line.putheader(name, value)
    line.endheaders()
    answer = line.getresponse()
    text = answer.read().decode(errors="replace")
    line.close()
    return answer.status, text


def path_of(server: Server, rest: str = "") -> str:
    return "/" + server.link.split("/", 3)[3] + rest


def refused(address: str, origin: str | None) -> int:
    """The status with which a socket is refused."""
    with pytest.raises(InvalidStatus) as problem, connect(address, origin=Origin(origin) if origin else None):
        pass
    return problem.value.response.status_code


def listening_addresses(port: int) -> set[str]:
    """The addresses on which a port is listened to, as the system has them."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and int(row[1].partition(":")[2], 16) == port}


@LINUX
def test_a_colleague_sees_the_market_drives_it_and_leaves_and_nothing_stays_behind(
    served: Served, tmp_path: Path
) -> None:
    server = served("--demo")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{43}/", server.link)
    assert listening_addresses(int(server.host.partition(":")[2])) == {"0100007F"}
    with Screen(server) as screen, Screen(server, (80, 24)) as other:
        screen.until("not real prices")
        screen.until("▸ SPX")
        other.until("DEMO")
        assert len([one for one in alive(tmp_path) if " feed " in one]) == 1
        assert len([one for one in alive(tmp_path) if "--screen" in one]) == 2
        screen.line.send('["stdin", "?"]')
        screen.until("this page")
        screen.line.send('["stdin", "?"]')
        screen.line.send('["stdin", "\\u001a"]')
        screen.until("There is no shell behind a browser")
        for nonsense in (
            "",
            "no json",
            "[]",
            "{}",
            '["resize", {"width": -1}]',
            '["stdin", 7]',
            '["x"]',
            "[[]]",
            "[" * 40_000,
        ):
            screen.line.send(nonsense)
        screen.line.send('["resize", {"width": 80, "height": 24}]')
        screen.line.send('["ping", "1"]')
        screen.read(2.0)
        assert not screen.closed
        screen.line.send('["stdin", "q"]')
        screen.read(20.0)
        assert screen.closed
        other.read(1.0)
        assert not other.closed
        other.line.close()
        wait_until(lambda: not any("--screen" in one for one in alive(tmp_path)), 20.0)
        with Screen(server) as last:
            last.until("DEMO")
            code, said, complaint = server.ended()
    assert (code, said, complaint) == (0, "", "")
    assert "with your rights" in server.note
    assert "ssh -L" in server.note
    assert alive(tmp_path) == []


@LINUX
def test_a_server_that_is_killed_takes_its_screens_with_it(served: Served, tmp_path: Path) -> None:
    server = served("--demo")
    with Screen(server) as screen:
        screen.until("DEMO")
        server.ended(signal.SIGKILL)
        wait_until(lambda: not any("--screen" in one for one in alive(tmp_path)), 20.0)


def test_the_live_store_is_shown_where_no_demo_is_asked_for(served: Served, tmp_path: Path) -> None:
    server = served(
        "--store", str(tmp_path / "store"), http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9"
    )
    with Screen(server) as screen:
        screen.until("tapewatch")
        screen.until("q quit")
        assert "DEMO" not in screen.text()
    assert server.ended(signal.SIGTERM)[0] == 0


def test_a_neighbour_without_the_link_and_a_hostile_page_with_it_get_nothing(served: Served) -> None:
    server = served("--demo")
    own = f"http://{server.host}"
    for path in ("/", "/ws", "/static/js/textual.js", path_of(server)[:-2] + "/", "/../", "/%2e%2e/etc/passwd"):
        assert got(server, path)[0] == 403, path
    assert refused(f"ws://{server.host}/{'x' * 43}/ws", own) == 403
    assert got(server, path_of(server), Host="evil.example")[0] == 403
    assert (
        got(server, path_of(server, "ws"), Host="evil.example", Origin="http://evil.example", Upgrade="websocket")[0]
        == 403
    )
    for origin in ("http://evil.example", "http://127.0.0.1:1", "null", None):
        assert refused(server.socket, origin) == 403
    assert got(server, path_of(server, "static/../../../server.py"))[0] in (403, 404)
    assert got(server, path_of(server, "static/"))[0] in (403, 404)
    assert got(server, path_of(server, "ws?width=x"), Origin=own, Upgrade="websocket")[0] == 400
    assert server.ended()[2] == ""


def test_a_screen_that_sends_everything_painted_is_seen_too(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[screen]\noutput = "stock"\n', encoding="utf-8")
    server = served("--demo", "--config", str(file))
    with Screen(server) as screen:
        screen.until("not real prices")
        screen.line.send('["stdin", "2"]')
        screen.until("2 quotes")
    assert server.ended()[0] == 0


def test_who_has_no_link_learns_nothing_of_what_answers(served: Served) -> None:
    server = served("--demo")
    line = http.client.HTTPConnection(server.host, timeout=20)
    line.request("GET", "/")
    answer = line.getresponse()
    assert answer.status == 403
    assert answer.headers["Server"] == "tapewatch"
    assert server.link.split("/")[3] not in str(answer.headers) + answer.read().decode()
    line.close()


def test_what_is_no_request_learns_nothing_of_what_answers_either(served: Served) -> None:
    server = served("--demo")
    address, port = server.host.split(":")
    for rubbish in (
        b"rubbish\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"\x16\x03\x01\r\n",
    ):
        with socket.create_connection((address, int(port)), timeout=10) as line:
            line.sendall(rubbish)
            answer = b"".join(iter(lambda: line.recv(4096), b""))
        assert answer.startswith(b"HTTP/1."), rubbish
        assert b"Server: tapewatch\r\n" in answer, rubbish
        assert b"nosniff" in answer
        assert not re.search(rb"aiohttp|python|Traceback|Bad ", answer.partition(b"\r\n")[2], re.IGNORECASE)


def test_a_plain_request_for_the_socket_is_answered_as_one(served: Served) -> None:
    server = served("--demo")
    status, text = got(server, path_of(server, "ws"), Origin=f"http://{server.host}")
    assert (status, text) == (400, "A screen is shown over a WebSocket.\n")


def test_the_page_asks_nobody_outside_this_machine(served: Served) -> None:
    server = served("--demo")
    status, page = got(server, path_of(server))
    assert status == 200
    addresses = set(re.findall(r"\w+://[^\s\"'<>)]+", page))
    assert addresses == {server.socket}
    assert "google" not in page
    parts = re.findall(r'(?:href|src)="([^"]+)"|url\("([^"]+)"\)', page)
    for part in {one or other for one, other in parts} - {"data:,", "./"}:
        assert got(server, path_of(server, part))[0] == 200, part


def test_rubbish_on_the_port_is_no_traceback(served: Served) -> None:
    server = served("--demo")
    address, port = server.host.split(":")
    for rubbish in (
        b"\0\xff\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01",
        b"GET /\xff HTTP/1.1\r\nHost: \xff\r\n\r\n",
    ):
        with socket.create_connection((address, int(port)), timeout=10) as line:
            line.sendall(rubbish)
            line.shutdown(socket.SHUT_WR)
            line.recv(4096)
    code, said, complaint = server.ended()
    assert (code, complaint) == (0, "")
    assert "Traceback" not in said


def test_a_port_in_use_is_one_sentence(command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = command("web", "--port", port)
    assert (said.code, said.out) == (1, "")
    why = f"port {port} of 127.0.0.1 cannot be had (Address already in use)"
    assert said.err == f"tapewatch: {why}; another is chosen with --port\n"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "localhost"])
def test_another_host_is_refused_with_the_way_to_do_it(command: Command, host: str) -> None:
    said: Said = command("web", "--host", host)
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert "ssh -L 8421:127.0.0.1:8421" in said.err


@pytest.mark.parametrize("port", ["-1", "65536", "x", "\u0661"])
def test_what_is_no_port_is_wrong_usage(command: Command, port: str) -> None:
    assert command("web", f"--port={port}").code == 2


@pytest.mark.parametrize("missing", ["aiohttp", "textual_serve"])
def test_without_the_extra_it_says_how_to_get_it(missing: str) -> None:
    script = f"import sys; sys.modules[{missing!r}] = None; from tapewatch.cli import run; sys.exit(run(['web']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 1
    assert done.stderr == f"tapewatch: {NOT_INSTALLED}\n"
    assert "pip install" in NOT_INSTALLED
