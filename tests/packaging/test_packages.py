"""What a user gets from a wheel or a source archive is what the checkout has."""

import json
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from tapewatch import __version__

from ..end_to_end.terminal import Terminal
from .elsewhere import ROOT, SUBSET, Elsewhere, build, names, only, unpacked

pytest.importorskip("hatchling", reason="hatchling builds the packages, and is not here")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `dist` (of the checkout), `source` (the archive unpacked) and `again` (built of that)."""
    folder = tmp_path_factory.mktemp("packages")
    build(ROOT, folder / "dist", "sdist", "wheel")
    source = unpacked(only(folder / "dist", "*.tar.gz"), folder / "unpacked")
    source.rename(folder / "source")
    build(folder / "source", folder / "again", "wheel")
    return folder


@pytest.fixture(scope="module")
def place(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    return Elsewhere(tmp_path_factory.mktemp("elsewhere") / "venv", only(built / "again", "*.whl"))


def sources() -> set[str]:
    """Every file of the package, by the name it has once installed."""
    found = {path.relative_to(ROOT / "src") for path in (ROOT / "src").rglob("*") if path.is_file()}
    found |= {Path("themes") / path.name for path in (ROOT / "themes").iterdir() if path.is_file()}
    return {f"tapewatch/{one.as_posix()}" for one in found if "__pycache__" not in one.parts}


def test_the_wheel_holds_every_file_of_the_package_and_no_other(built: Path) -> None:
    held = names(only(built / "dist", "*.whl"))
    assert {one for one in held if one.startswith("tapewatch/")} == sources()
    beside = {re.sub(r"^tapewatch-[^/]+\.data/data/", "", one) for one in held if ".data/" in one}
    assert beside == {"share/man/man1/tapewatch.1", "share/systemd/user/tapewatch-feed.service"}


def test_data_is_in_the_wheel_as_it_lies_here(built: Path) -> None:
    held = names(only(built / "dist", "*.whl"))
    for name in ("core/timetable.bin", "tui/app.tcss", "web/page.html", "themes/graphite.toml", "py.typed"):
        assert f"tapewatch/{name}" in held


def test_the_source_archive_builds_the_same_wheel(built: Path) -> None:
    assert names(only(built / "again", "*.whl")) == names(only(built / "dist", "*.whl"))


def test_the_version_stands_in_one_place(built: Path, place: Elsewhere) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "version" not in project
    assert "version" in project["dynamic"]
    written = [path for path in (ROOT / "src").rglob("*.py") if f'"{__version__}"' in path.read_text(encoding="utf-8")]
    assert written == [ROOT / "src" / "__init__.py"]
    assert f"-{__version__}-" in only(built / "dist", "*.whl").name
    assert f"-{__version__}.tar.gz" in only(built / "dist", "*.tar.gz").name
    assert place.run("--version").stdout == f"tapewatch {__version__}\n"
    assert place.value("from importlib.metadata import version; print(version('tapewatch'))") == __version__


def test_what_is_installed_elsewhere_is_not_the_checkout(place: Elsewhere) -> None:
    assert Path(place.value("import tapewatch; print(tapewatch.__file__)")).is_relative_to(place.folder)
    for file in ("share/man/man1/tapewatch.1", "share/systemd/user/tapewatch-feed.service"):
        assert (place.folder / file).is_file()
    assert "tapewatch" in place.run("completions", "bash").stdout
    assert place.run("schema").returncode == 0
    script = "from tapewatch.tui.themes import load_themes; print(len(load_themes()[0]))"
    assert place.value(script) == str(len([*(ROOT / "themes").glob("*.toml")]))


def test_it_imports_bars_and_shows_them(place: Elsewhere, tmp_path: Path) -> None:
    days = [date(2019, 12, 2) + timedelta(days=at) for at in range(350)]
    bars = [f"{day},100,107,99,{100 + at % 7},0" for at, day in enumerate(days) if day.weekday() < 5]
    (tmp_path / "RUT.csv").write_text("\n".join(["date,open,high,low,close,volume", *bars]) + "\n", encoding="utf-8")
    store = ("--store", str(tmp_path / "store"))
    came = place.run(*store, "import", tmp_path / "RUT.csv")
    assert "Traceback" not in came.stderr
    shown = place.run(*store, "snapshot", "--as-of", "2020-10-16", "--json")
    rows = {one["symbol"]: one for one in json.loads(shown.stdout)["instruments"]}
    assert rows["^RUT"]["quote"]["session"] == "2020-10-16"
    assert place.run(*store, "doctor").stderr == ""


def test_the_demo_is_seen_on_a_terminal(place: Elsewhere, tmp_path: Path) -> None:
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    with Terminal("demo", environment=places, python=place.python) as terminal:
        terminal.until("not real prices", 60.0)
        terminal.press("q")
        terminal.read(20.0)
    assert terminal.status == 0


@pytest.mark.long
def test_the_tests_of_the_archive_hold_for_the_wheel(built: Path, place: Elsewhere) -> None:
    assert place.tests(built / "source", *SUBSET) == 0
