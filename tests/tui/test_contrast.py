"""Contrasts are WCAG's, pairs are told apart by every eye or said not to be, and what is doubtful is no error."""

from io import StringIO
from pathlib import Path

import pytest

from tapewatch.core.config_command import run_config
from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.theme import ROLES
from tapewatch.tui.checking import screen_doubts
from tapewatch.tui.contrast import doubts, ratio, told_apart
from tapewatch.tui.themes import load_themes
from tests.tui.stage import configured, stage

THEMES, _ = load_themes()


def written(folder: Path, text: str) -> None:
    themes = folder / "themes"
    themes.mkdir()
    (themes / "mine.toml").write_text(text)


def test_contrast_is_the_one_wcag_gives() -> None:
    assert ratio("#000", "#ffffff") == pytest.approx(21.0)
    assert ratio("#777777", "#fff") == pytest.approx(4.48, abs=0.005)
    assert ratio("ansi_green", "#000000") is None


def test_which_pairs_every_eye_tells_apart() -> None:
    apart = {name: told_apart(one.colors["bull"], one.colors["bear"]) for name, one in THEMES.items()}
    assert (apart["graphite-cb"], apart["ledger-cb"]) == (True, True)
    assert (apart["graphite"], apart["ledger"]) == (False, False)
    assert apart["ansi"] is None


def test_no_packaged_theme_is_doubtful() -> None:
    assert {name: doubts(one) for name, one in THEMES.items() if doubts(one)} == {}


def test_white_on_white_works_and_is_called_doubtful(tmp_path: Path) -> None:
    written(tmp_path, "[colors]\n" + "".join(f'{role} = "#ffffff"\n' for role in ROLES))
    seen = stage(tmp_path, None, settings=ScreenSettings(theme="mine"))
    said = screen_doubts(seen.paths, seen.monitor.config)
    assert [one.startswith(f"{tmp_path}/themes/mine.toml: ") for one in said] == [True, True]
    assert "up and down have the same colour, #ffffff" in said[0]
    assert "hardly readable on background #ffffff: contrast 1.0" in said[1]
    out = StringIO()
    assert run_config("check", seen.paths, out, more=(), doubts=said) == 0
    assert out.getvalue().count("doubtful: ") == 2


def test_gain_like_loss_is_doubtful_too(tmp_path: Path) -> None:
    settings = ScreenSettings(theme="graphite", gain="#0f0", loss="#00ff00")
    seen = stage(tmp_path, None, settings=settings)
    (said,) = screen_doubts(seen.paths, configured(settings, {}))
    assert "up and down have the same colour" in said
