"""Names of files that are no text in UTF-8: a file system takes any bytes, and every sentence shows them with marks."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from tapewatch.cli import run
from tapewatch.core import channel
from tapewatch.core.model.decoding import encoded, json_text, made_harmless
from tapewatch.core.model.harmless import MARK
from tapewatch.core.model.snapshot import Health
from tapewatch.core.paths import default_paths
from tapewatch.core.spare import Spare
from tests.tui.stage import builders

NAME = os.fsdecode(b"x\xff\xfe")
SHOWN = f"x{MARK}{MARK}"
Said = tuple[int, str, str]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))

    def said(*arguments: object) -> Said:
        code = run([str(one) for one in arguments])
        found = capsys.readouterr()
        return code, found.out, found.err

    return said


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / NAME
    made.mkdir()
    return made


@pytest.mark.parametrize("more", [[], ["--json"], ["--bundle", "report.zip"]])
@pytest.mark.parametrize("place", [NAME, "."])
def test_the_doctor_of_such_a_store(
    say: Callable[..., Said], folder: Path, monkeypatch: pytest.MonkeyPatch, place: str, more: list[str]
) -> None:
    monkeypatch.chdir(folder if place == "." else folder.parent)
    code, out, _ = say("doctor", "--store", place, *more)
    assert code == 0
    said = "".join(one["finding"] for one in json.loads(out)) if "--json" in more else out
    assert f"/{SHOWN}, owner" in said


def test_the_doctor_of_such_settings_and_themes(
    say: Callable[..., Said], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = folder / f"{NAME}.toml"
    settings.write_text("[feed]\npoll = true\n")
    code, out, _ = say("doctor", "--config", settings)
    assert (code, f"{SHOWN}.toml: feed.poll = true: expected" in out) == (1, True)
    themes = folder / "tapewatch" / "themes"
    themes.mkdir(parents=True)
    (themes / f"{NAME}.toml").write_text("name = 1\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    code, out, _ = say("doctor")
    assert (code, f"{SHOWN}.toml: name = 1: expected" in out) == (1, True)


def test_each_such_store_has_a_log_of_its_own(tmp_path: Path) -> None:
    logs = {default_paths(tmp_path / os.fsdecode(name)).log for name in (b"\xff", b"\xfe", b"\xef\xbf\xbd")}
    assert len(logs) == 3


def test_what_a_feed_says_of_such_a_file_is_published(folder: Path) -> None:
    """A feed whose words cannot be written would be silent for good."""
    paths = default_paths(folder)
    spoilt = msgspec.structs.replace(builders.empty(), health=Health(source=str(folder)))
    channel.publish(paths, spoilt)
    found = channel.read_snapshot(paths)
    assert found is not None
    assert found.health.source.endswith(SHOWN)
    Spare(paths).publish(spoilt, 0o600)


def test_words_with_such_a_name_become_text_wherever_they_are() -> None:
    health = made_harmless(Health(source=NAME, refused=(NAME, "plain")))
    assert (health.source, health.refused) == (SHOWN, (SHOWN, "plain"))
    assert json.loads(json_text({NAME: [NAME, ("a", NAME)]})) == {SHOWN: [SHOWN, ["a", SHOWN]]}
    assert json.loads(encoded({NAME: 1})) == {SHOWN: 1}


def test_an_import_shows_the_name_with_a_mark(say: Callable[..., Said], folder: Path) -> None:
    file = folder / os.fsdecode(b"R\xffUT.csv")
    file.write_text("date,open,high,low,close\n2024-01-02,1,1,1,1\n")
    code, out, _ = say("import", folder, "--store", folder / "store")
    assert code == 1
    assert f"unknown symbol 'R{MARK}UT'; nearest: RUT" in out
