"""Odd places to start in: no home, no locale, no folder to stand in, traps in the current folder, full disks."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from ..laboratory import ledger
from .conftest import House
from .test_terminal_signals import given_back
from .tty import Tty, screen_of

USAGE = 2


def quits(tty: Tty, what: str, said: str = "") -> None:
    tty.press("q")
    assert tty.end() == 0
    given_back(tty, what, said)


def refused(command: Sequence[str], house: House, sentence: str, what: str, **changed: str | None) -> None:
    """One sentence, exit code 2, and no escape on the terminal."""
    with Tty(command, environment=house.environment | changed) as tty:
        assert tty.end() == USAGE
        assert sentence in tty.text().replace("\n", "")
        assert tty.text().count("tapewatch: ") == 1
        assert b"\x1b" not in tty.raw
        assert tty.left_on() == []
    ledger.note("life", what, said=sentence, exit_code=USAGE, restored="never touched")


@pytest.mark.parametrize("redirected", ["| cat", "< /dev/null", "<&-", ">&-"])
def test_without_a_terminal_on_both_ends_it_says_what_to_use_instead(house: House, redirected: str) -> None:
    words = "standard output is closed" if redirected == ">&-" else "needs a terminal"
    inner = f'"$@" {redirected}; exit ${{PIPESTATUS[0]}}'
    with Tty(["bash", "-c", inner, "bash", *screen_of(house.paths.store)], environment=house.environment) as tty:
        code = tty.end()
        assert code == (1 if redirected == ">&-" else USAGE)
        assert words in tty.text()
        assert b"\x1b" not in tty.raw
    ledger.note("life", f"tapewatch {redirected}", said=words, exit_code=code, restored="never touched")


@pytest.mark.parametrize("kind", [None, "dumb", pytest.param("unknown", marks=pytest.mark.long)])
def test_a_terminal_that_cannot_place_a_character_is_named(house: House, kind: str | None) -> None:
    called = f"TERM is '{kind}'" if kind else "TERM is not set"
    refused(screen_of(house.paths.store), house, called, called, TERM=kind)


def test_an_unheard_of_terminal_in_a_latin_locale_gets_plain_characters(house: House) -> None:
    """Nothing but ASCII is sent where the locale has no more, and no encoding error ends it."""
    plain: dict[str, str | None] = {
        "TERM": "vt-of-2041",
        "LANG": "C",
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
    }
    with house.shown(more=plain) as tty:
        assert tty.raw.isascii()
        quits(tty, "unknown TERM, no UTF-8")


def test_its_words_go_to_the_terminal_though_errors_go_elsewhere(house: House) -> None:
    command = ["/bin/sh", "-c", f'exec "$@" 2>{house.folder}/errors', "sh", *screen_of(house.paths.store)]
    with Tty(command, environment=house.environment) as tty:
        tty.until("6,664.01")
        quits(tty, "standard error in a file")
    assert (house.folder / "errors").read_text() == ""


def test_a_size_in_the_environment_is_not_believed(house: House) -> None:
    with house.shown(COLUMNS="60", LINES="16") as tty:
        tty.read(lambda: "quit" in tty.text().split("\n")[39])
        quits(tty, "COLUMNS and LINES that lie")


@pytest.mark.parametrize("home", [None, "", "/nonexistent/nowhere"])
def test_no_home_is_no_reason_not_to_show_prices(house: House, home: str | None) -> None:
    places: dict[str, str | None] = {f"XDG_{name}_HOME": None for name in ("STATE", "CONFIG", "DATA", "CACHE")}
    with house.shown(HOME=home, more=places) as tty:
        quits(tty, f"HOME is {home!r}")


def as_nobody(command: Sequence[str]) -> list[str]:
    """The command as a user who owns nothing."""
    become = "import os, sys; os.setgroups([]); os.setgid(65534); os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-P", "-c", become, *command]


def reachable() -> bool:
    found = subprocess.run(
        [*as_nobody([sys.executable, "-P", "-c", "import tapewatch.tui.app"])],
        cwd="/",
        capture_output=True,
        check=False,
    )
    return found.returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who owns nothing")
def test_in_a_home_that_may_not_be_written_it_shows_what_is_there_and_says_what_it_cannot_do(house: House) -> None:
    """Home, settings, state and store belong to another; nothing can be created anywhere."""
    if not reachable():
        pytest.skip("another user cannot reach this Python or this program")
    for folder in (house.folder, *house.folder.parents[:3]):
        if folder != Path("/tmp"):
            folder.chmod(0o755)
    house.paths.store.chmod(0o755)
    house.paths.snapshot.chmod(0o644)
    before = sorted(str(one) for one in house.folder.rglob("*"))
    with Tty(as_nobody(screen_of(house.paths.store)), environment=house.environment) as tty:
        tty.until("6,664.01")
        tty.press("r")
        tty.until("takes no requests")
        quits(tty, "everything read-only")
    assert sorted(str(one) for one in house.folder.rglob("*")) == before


@pytest.mark.parametrize("where", ["deleted", "trapped"])
def test_where_one_stands_does_not_matter(house: House, where: str) -> None:
    """A folder that is gone, and one with modules in it that would betray who imports them."""
    here = house.folder / "here"
    here.mkdir()
    betrayed = house.folder / "betrayed"
    for name in TRAPS if where == "trapped" else ():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(f"open({str(betrayed)!r}, 'w').write(__name__)\nraise SystemExit(99)\n")
    go = f'cd "{here}"; {f"rmdir {here};" if where == "deleted" else ""} exec "$@"'
    with Tty(["/bin/sh", "-c", go, "sh", *screen_of(house.paths.store)], environment=house.environment) as tty:
        tty.until("6,664.01")
        quits(tty, f"current folder {where}")
    assert not betrayed.exists()


TRAPS = ("textual.py", "rich.py", "msgspec.py", "platformdirs.py", "asyncio.py", "sqlite3.py", "tapewatch/__init__.py")
INSTALLED = "import sys; from tapewatch.__main__ import main; sys.exit(main())"


@pytest.mark.parametrize(
    "path", ["", *(pytest.param(one, marks=pytest.mark.long) for one in (".", "{package}:", ":{package}"))]
)
def test_a_trap_in_the_current_folder_is_not_imported_though_the_path_names_it(house: House, path: str) -> None:
    """An empty entry in PYTHONPATH, as one too many colons makes, is the current folder."""
    betrayed = house.folder / "betrayed"
    for name in ("textual.py", "msgspec.py", "platformdirs.py"):
        (house.folder / name).write_text(f"open({str(betrayed)!r}, 'w').write(__name__)\nraise SystemExit(99)\n")
    script = house.folder / "bin" / "tapewatch"
    script.parent.mkdir()
    script.write_text(INSTALLED)
    package = str(Path(__file__).parents[2] / ".editable")
    given = path.format(package=package) if "{" in path else f"{package}:{path}"
    found = subprocess.run(
        [sys.executable, str(script), "snapshot", "--store", str(house.paths.store), "--json"],
        env={key: value for key, value in (os.environ | house.environment).items() if value is not None}
        | {"PYTHONPATH": given},
        cwd=house.folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not betrayed.exists(), betrayed.read_text()
    assert found.returncode in (0, 3), found.stderr


def test_as_a_module_it_imports_nothing_from_the_current_folder_either(house: House) -> None:
    betrayed = house.folder / "betrayed"
    for name in ("textual.py", "msgspec.py", "platformdirs.py", "argparse.py"):
        (house.folder / name).write_text(f"open({str(betrayed)!r}, 'w').write(__name__)\nraise SystemExit(99)\n")
    command = [sys.executable, "-m", "tapewatch", "--store", str(house.paths.store)]
    with Tty(command, environment=house.environment, folder=house.folder) as tty:
        tty.until("6,664.01")
        quits(tty, "python -m in a folder with textual.py")
    assert not betrayed.exists(), betrayed.read_text()


def test_few_open_files_are_enough(house: House) -> None:
    command = ["/bin/sh", "-c", 'ulimit -n 16; exec "$@"', "sh", *screen_of(house.paths.store)]
    with Tty(command, environment=house.environment) as tty:
        tty.until("6,664.01")
        quits(tty, "16 open files")


def test_hostile_variables_of_the_interpreter_change_nothing(house: House) -> None:
    odd = {
        "PYTHONIOENCODING": "ascii",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONHASHSEED": "7",
    }
    with house.shown(TEXTUAL_DRIVER="no.such:Driver", more=odd) as tty:
        quits(tty, "PYTHON and TEXTUAL variables")


def test_a_full_disk_for_its_state_costs_the_log_only(house: House) -> None:
    state = house.folder / "state"
    state.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(state)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a disk that is full")
    try:
        fill(state)
        with house.shown() as tty:
            quits(tty, "full disk for its state")
    finally:
        subprocess.run(["umount", "-l", str(state)], check=True)


def fill(folder: Path) -> None:
    with open(folder / "filled", "wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return


BROKEN = """
import sys
from tapewatch.tui.panes import quotes
def broken(*_, **__):
    raise ValueError("a bug on purpose \\x1b[31m")
setattr(quotes, sys.argv.pop(1), broken)
sys.path.insert(0, "")
from tapewatch.__main__ import main
sys.exit(main())
"""


def test_a_bug_in_a_pane_is_one_sentence_and_a_line_in_the_log(house: House) -> None:
    command = [sys.executable, "-P", "-c", BROKEN, "page", "--store", str(house.paths.store)]
    with Tty(command, environment=house.environment) as tty:
        assert tty.end() == 1
        assert "tapewatch stopped: ValueError: a bug on purpose" in tty.said_after()
        assert "\x1b" not in tty.said_after()
        assert tty.said_after().count("\n") == 1
        given_back(tty, "a bug in a pane", said="tapewatch stopped: ValueError")
    logs = [one.read_text() for one in (house.folder / "state").rglob("*.log")]
    assert any("a bug on purpose" in one and "Traceback" in one for one in logs)
