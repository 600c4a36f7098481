"""The examples of the documentation do what they say."""

import re
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.reading import Quote
from tapewatch.core.model.snapshot import ClockReading, Row, Snapshot
from tapewatch.core.rule_check import usable
from tapewatch.core.settings import load
from tapewatch.core.universe import INSTRUMENTS
from tapewatch.tui.look import Look
from tapewatch.tui.themes import load_themes
from tapewatch.tui.widgets.board import Page

DOCS = Path(__file__).parents[2] / "docs"
NOW = datetime(2025, 10, 17, 20, 0, tzinfo=UTC)


def block(page: str, kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert found, page
    return found[1]


def pane_of_the_page() -> ModuleType:
    """The example as a file of the panes' folder."""
    import_module("tapewatch.tui.panes")
    made = ModuleType("tapewatch.tui.panes.breadth")
    made.__package__ = "tapewatch.tui.panes"
    exec(compile(block("a-pane.md", "python"), "a-pane.md", "exec"), made.__dict__)
    return made


def board(*changes: float | None) -> Snapshot:
    rows = (
        Row.bare(one) if change is None else with_change(Row.bare(one), change)
        for one, change in zip(INSTRUMENTS, changes, strict=False)
    )
    reading = ClockReading(now=NOW, read_at=NOW)
    return Snapshot(version=(1, 1), mode="live", clock=reading, instruments=tuple(rows))


def with_change(row: Row, change: float) -> Row:
    from msgspec.structs import replace

    return replace(row, quote=Quote(last=100.0 + change, previous_close=100.0, change=change))


def words(page: Page) -> str:
    return "".join(str(piece) for piece in page.body[0].line)


def test_the_pane_of_the_page_is_a_pane() -> None:
    made = pane_of_the_page()
    assert made.NAME == "breadth"
    assert made.rows(board(1.0, -1.0, 0.0, None, 2.0)) == (2, 4)
    assert "2 of 4 rise" in words(made.page(board(1.0, -1.0, 0.0, None, 2.0), Look(now=NOW), 40, 5))
    assert "no changes yet" in words(made.page(board(), Look(now=NOW), 40, 5))


def test_the_rule_of_the_page_can_be_judged(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(block("a-flag.md", "toml"))
    config, problems = load(file)
    assert (problems, usable(config)[1]) == ((), ())
    wanted = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI"), set={"reference": 0.75})
    assert config.rules == (wanted,)


def test_the_theme_of_the_page_is_a_theme(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(block("a-theme.md", "toml"))
    themes, problems = load_themes(tmp_path)
    assert problems == ()
    changed = {role for role, color in themes["mine"].colors.items() if color != themes["graphite"].colors[role]}
    assert changed == {"bull", "background"}
