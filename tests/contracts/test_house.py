"""The house keeps its shape: small files, one clock, links in step, nothing of one machine in it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TIME = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "monotonic"), ("Timestamp", "now"), ("Timestamp", "today"),
}  # fmt: skip


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def readings_of_the_time(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if (name, node.attr) in TIME:
                yield node.lineno


def test_a_reading_of_the_time_would_be_seen() -> None:
    found = ast.parse("import datetime as d\nd.datetime.now()\nfrom datetime import date\nf = date.today")
    assert sorted(readings_of_the_time(found)) == [2, 4]


def test_the_time_is_read_in_the_clock_alone() -> None:
    readers = {named(path) for path in SOURCES if any(readings_of_the_time(tree(path)))}
    assert readers == {"src/core/clock.py"}


def test_no_file_is_too_long_to_read() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES + TESTS}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert lengths.get("src/tui/app.py", 0) <= 250


def test_imports_inside_the_package_are_relative() -> None:
    absolute = {
        f"{named(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == "tapewatch")
        or (isinstance(node, ast.Import) and any(name.name.split(".")[0] == "tapewatch" for name in node.names))
    }  # fmt: skip
    assert absolute == set()


def imported(path: Path) -> set[str]:
    """Top-level packages a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("yfinance", r"src/core/sources/yahoo\w*\.py"),
        ("curl_cffi", r"src/core/(sources/(yahoo\w*|closes/wire)|alerts/webhook)\.py"),
        ("exchange_calendars", r"src/core/sessions\.py"),
        ("textual", r"src/tui/.+\.py"),
        ("aiohttp", r"src/(web/serving|web_command)\.py"),
    ],
)
def test_one_place_knows_each_library_of_the_outside(package: str, allowed: str) -> None:
    users = {named(path) for path in SOURCES if package in imported(path)}
    assert users
    assert {name for name in users if not re.fullmatch(allowed, name)} == set()


def test_every_module_and_public_thing_says_what_it_is() -> None:
    silent = {named(path) for path in SOURCES if ast.get_docstring(tree(path)) is None}
    assert silent == set()


def test_the_links_for_work_from_a_checkout_are_in_step() -> None:
    folder = ROOT / ".editable" / "tapewatch"
    entries = {path.name for path in (ROOT / "src").iterdir() if path.name != "__pycache__"} | {"themes"}
    assert {link.name for link in folder.iterdir() if link.name != "__pycache__"} == entries
    for link in folder.iterdir():
        if link.name != "__pycache__":
            wanted = "../../themes" if link.name == "themes" else f"../../src/{link.name}"
            assert str(link.readlink()) == wanted


def kept_files() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.split("\0") if name]


HOSTS = ("pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "deb.debian" + ".org")
MACHINE = re.compile("|".join(re.escape(word) for word in ("/wo" + "rk/", "/tm" + "p/v/", *HOSTS)))


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    assert MACHINE.search("see https://pypi" + ".org/x")
    guilty: set[str] = set()
    for path in kept_files():
        if path.is_symlink() or not path.is_file():
            continue
        text = path.read_bytes().decode(errors="replace")
        guilty |= {named(path)} if MACHINE.search(text) else set()
    assert guilty == set()
