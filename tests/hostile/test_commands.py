"""Every command on a store, settings, themes, names and an environment that are all full of canaries."""

import io
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tapewatch.cli import build_parser, run
from tapewatch.core import channel
from tapewatch.core.importing import import_paths
from tapewatch.core.model.alert import Delivery, Firing
from tapewatch.core.paths import Paths
from tapewatch.core.plainly import speak_plainly
from tapewatch.core.store.alerts import write_alerts
from tapewatch.core.store.journal import write_events
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import INSTRUMENTS
from tests.hostile.canary import CANARY, SEEN, acting, infected
from tests.laboratory.ledger import note
from tests.market import rows, walk
from tests.tui.stage import builders

NAME = CANARY.replace("\0", "").replace("/", "")
"""What a file system takes."""
SETTINGS = f"""
"{SEEN}\\u001b]0;x\\u0007" = 1
[screen]
theme = "{SEEN}\\u009b31m\\u202e"
zone = "{SEEN}\\u001b[2J"
"{SEEN}\\u202e\\n" = 1
[keys]
quit = "{SEEN}\\u001b"
"{SEEN}\\u2066" = "\\u200b"
[[instrument]]
symbol = "X{SEEN}\\u001b"
[[instrument]]
symbol = "RUT"
name = "{SEEN}\\u001b[5m"
[[rule]]
rule = "weekly-lag"
watched = "RUT"
against = ["{SEEN}\\u0007"]
set = {{ "{SEEN}\\u001b" = "\\u0007" }}
[[level]]
symbol = "RUT"
price = 2400.0
note = "{SEEN}\\u001b]52;c;cm0=\\u0007"
[[alerts]]
name = "{SEEN}\\u001b[2J"
on = "{SEEN}\\u202e"
command = ["{SEEN}\\u0007"]
[[alerts]]
name = "up"
on = "price"
symbol = "RUT"
above = 1.0
how = ["command"]
command = ["/nowhere/{SEEN}"]
"""
THEME = f"""
name = "{SEEN}\\u001b"
extends = "{SEEN}\\u009b"
"{SEEN}\\u202e" = 1
[colors]
"{SEEN}\\u0007" = "\\u001b[2J"
"""


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A store of some bars whose snapshot and journal say nothing but canaries."""
    folder = tmp_path_factory.mktemp("hostile")
    days = [date(2024, 1, 1 + number) for number in range(31)]
    for seed, symbol in enumerate(("^GSPC", "^RUT")):
        lines = [
            f"{day},{bar.open},{bar.high},{bar.low},{bar.close},0"
            for day, bar in zip(days, rows(walk(seed, 31)), strict=True)
        ]
        (folder / f"{symbol}.csv").write_text("date,open,high,low,close,volume\n" + "\n".join(lines))
    themes = folder / "themes"
    themes.mkdir()
    paths = Paths(store=folder / NAME[:40], state=folder / "state", config_file=folder / "settings.toml", themes=themes)
    assert import_paths(paths, [folder], INSTRUMENTS, lambda _: None, datetime(2030, 1, 1, tzinfo=UTC)) == 0
    with closing(connect(paths.database)) as database:
        events = [infected(builders.JOURNAL[0], CANARY)]
        write_events(database, events, {})  # type: ignore[arg-type]
        noon = builders.at(builders.FRIDAY, 12)
        fired = Firing(id="1", alert="up", on=CANARY, time=noon, text=CANARY, symbol=CANARY)
        told = Delivery(firing="1", way=CANARY, state="failed", changed_at=noon, cause=CANARY)
        write_alerts(database, {}, [fired], [told])
        database.execute("UPDATE bars SET source = ?", (CANARY,))
        database.execute("UPDATE symbols SET note = ?", (CANARY,))
        database.execute("INSERT INTO budget VALUES ('blocked_until', ?, ?)", (4e9, CANARY))
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    channel.publish(paths, infected(builders.overview(), CANARY))  # type: ignore[arg-type]
    paths.config_file.write_text(SETTINGS)
    (themes / f"{NAME[:30]}.toml").write_text(THEME)
    return paths


@pytest.fixture
def said(spoilt: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("TERM", "COLORTERM", "HTTPS_PROXY", "SSL_CERT_FILE", "TERM_PROGRAM", "LC_ALL"):
        monkeypatch.setenv(name, CANARY.replace("\0", ""))
    places = tmp_path / "config" / "tapewatch"
    places.mkdir(parents=True)
    (places / "themes").symlink_to(spoilt.themes)

    def call(*arguments: str, store: bool = True) -> tuple[int, str]:
        given = [*arguments, *(["--store", str(spoilt.store), "--config", str(spoilt.config_file)] if store else [])]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            speak_plainly()
            try:
                code = run(given)
            except SystemExit as left:
                code = int(left.code or 0)
        assert "Traceback" not in err.getvalue()
        return code, out.getvalue() + err.getvalue()

    return call


SPOILT = [
    ["snapshot"], ["snapshot", "--json"], ["snapshot", "--csv"], ["snapshot", "--markdown"],
    ["snapshot", "--as-of", "2024-01-12"], ["snapshot", "--as-of", "2024-01-12", "--json"],
    ["flags"], ["flags", "--json"], ["flags", "--csv"],
    ["config", "show"], ["config", "check"],
    ["doctor"], ["doctor", "--json"],
    ["recap"], ["recap", "--week", "2024-01-10", "--json"], ["study", "D1"], ["chart", "RUT"], ["chart", CANARY],
    ["check", "RUT closed higher on 2024-01-12"], ["check", CANARY],
    ["check", f"RUT closed higher on 2024-01-12{chr(0xDC9B)} {SEEN}"],
    ["check", f"{NAME} closed near its low on 2024-01-12"],
    ["fetch", CANARY], ["recap", "--watched", CANARY], ["recap", "--week", CANARY], ["replay", CANARY],
    ["study", CANARY], ["study", "D1", "--watched", CANARY], ["study", "D1", "--set", f"{CANARY}=1"],
    ["study", "D1", "--given", CANARY], ["flags", "--since", CANARY], ["snapshot", "--as-of", CANARY],
    ["import", NAME], ["feed", "--replay-from", CANARY], ["config", CANARY], ["completions", CANARY],
    ["demo", "--rate", CANARY], ["line", "--symbols", CANARY], ["line", "--format", CANARY],
    ["alerts"], ["alerts", "test"], ["alerts", "list", CANARY], ["alerts", "mute", "--for", CANARY], ["alerts", CANARY],
    ["alerts", "list", "--json"], ["web", "--port", CANARY], ["chart", "RUT", CANARY, "--csv"],
    ["config", "set", f"screen.{NAME}", "x"], ["config", "set", "screen.theme", CANARY],
    ["config", "add", "symbol", CANARY], ["config", "remove", "level", "RUT", CANARY],
]  # fmt: skip


@pytest.mark.parametrize(
    "arguments", SPOILT, ids=lambda one: " ".join(one).replace(CANARY, "CANARY").replace(NAME, "NAME")
)
def test_a_command_shows_it_and_nothing_acts(said: Callable[..., tuple[int, str]], arguments: list[str]) -> None:
    code, text = said(*arguments)
    assert acting(text, "\n\t") == []
    assert SEEN in text
    assert code in range(5)
    note("hostile", f"command: {arguments[0]}", count=1)


def test_names_of_files_to_import_are_shown_and_nothing_acts(
    said: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    for name in (NAME[:100], "^RUT\x1b[2J", "^RUT\nforged: 5 new", "\u202eVSC.TUR", "a\udc9bb"):
        (tmp_path / f"{name}.csv").write_bytes(b"date;open\x1b]0;x\x07;high\n=cmd|' /C calc'!A0,\x9b31m,\0\n")
    code, text = said("import", str(tmp_path))
    assert code == 1
    assert acting(text, "\n\t") == []
    assert "\nforged" not in text
    assert SEEN in text


def test_help_and_what_is_generated_have_nothing_to_hide(said: Callable[..., tuple[int, str]]) -> None:
    commands = [
        ["--help"],
        ["--version"],
        ["schema"],
        ["completions", "bash"],
        ["completions", "zsh"],
        ["completions", "fish"],
    ]
    for one in commands:
        code, text = said(*one, store=False)
        assert (code, acting(text, "\n\t")) == (0, [])
        assert "\ufffd" not in text


def test_no_command_was_forgotten() -> None:
    actions = next(one for one in build_parser()._actions if one.choices and not one.option_strings)
    assert actions.choices is not None
    assert set(actions.choices) <= {one[0] for one in SPOILT} | {"schema"}


def test_a_terminal_of_few_signs_ends_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    speak_plainly()
    sys.stdout.write("Société 日本 \ud800 \x1b[31m\n")
    sys.stdout.flush()
    assert raw.getvalue() == b"Soci?t? ?? ? ?[31m\n"
