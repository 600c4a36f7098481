"""A feed that runs takes up what is changed in its settings: symbols, groups, pairs, levels, its own pace."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core import book
from tapewatch.core.feed import Feed
from tapewatch.core.feed_loop import safe_hear, safe_step
from tapewatch.core.model.config import Config
from tapewatch.core.model.snapshot import Row
from tapewatch.core.settings import load
from tapewatch.core.settings_actions import (
    add_level,
    add_pair,
    add_symbol,
    remove_level,
    remove_pair,
    remove_symbol,
    set_group,
)
from tapewatch.core.settings_blocks import write_order
from tapewatch.core.settings_file import write_setting
from tapewatch.core.settings_watch import Followed
from tapewatch.core.sources import Answer, Failure, Span
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.journal import read_lives

from ..market import Played, rows
from .test_feed import NOON, PAST, Desk, desk, well

MINUTE = timedelta(minutes=1)
BOARD = ("RUT", "SPX", "DJIA")
SHIPPED = '[[instrument]]\nsymbol = "{}"\nhidden = true\n\n'


class Market:
    """A running feed, its settings file, and what the trader does to it."""

    def __init__(self, running: Desk, file: Path, service: Played) -> None:
        self.running, self.file, self.service = running, file, service

    @property
    def shorts(self) -> list[str]:
        return [row.short for row in self.running.snapshot().instruments]

    def row(self, short: str) -> Row:
        return next(row for row in self.running.snapshot().instruments if row.short == short)

    def begins_again(self, config: Config) -> None:
        """Another feed on the same store, as after the first was killed."""
        old = self.running.feed
        self.running.feed = Feed(
            old.paths, config, self.service, old.clock, old.database, old.budget, log=self.running.said.append
        )

    def hears(self) -> bool:
        return self.running.feed.hear(self.running.clock.now())

    def later(self, by: timedelta = MINUTE) -> None:
        self.running.step(self.running.clock.now() + by)


def with_history(symbols: tuple[str, ...], span: Span | None, now: object) -> Answer:
    found = well(symbols, span, now)  # type: ignore[arg-type]
    if span == "full":
        return Answer(ticks=found.ticks, daily=dict.fromkeys(symbols, PAST), sent=1, taken_at=found.taken_at)
    return found


@contextmanager
def market(folder: Path, more: str = "") -> Generator[Market]:
    file = folder / "config" / "config.toml"
    file.parent.mkdir()
    every, _ = load(None)
    shown = {"^RUT", "^GSPC", "^DJI"}
    hidden = "".join(SHIPPED.format(one.symbol) for one in every.instruments if one.symbol not in shown)
    file.write_text(f"# my own words\n{more}{hidden}")
    config, problems = load(file)
    assert problems == () or all("hidden" in str(one) for one in problems)
    service = Played(with_history)
    with desk(folder, config, service) as running:
        running.paths = paths = replace(running.paths, config_file=file)
        running.feed = Feed(
            paths, config, service, running.clock, running.database, running.budget, log=running.said.append
        )
        running.step()
        yield Market(running, file, service)


def test_a_symbol_that_is_added_is_shown_at_once_and_has_its_history_with_the_next_round(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        assert sorted(desk.shorts) == sorted(BOARD)
        assert add_symbol(desk.file, "AAPL", group="shares") is None
        assert desk.hears()
        row = desk.row("AAPL")
        assert (row.group, row.quote, row.record) == ("shares", None, None)
        desk.later()
        desk.later()
        assert ("AAPL",) in [symbols for _, symbols in desk.service.asked]
        assert desk.row("AAPL").quote is not None
        assert desk.row("AAPL").record is not None


def test_a_symbol_that_is_removed_goes_and_its_bars_stay(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        add_symbol(desk.file, "AAPL")
        desk.hears()
        save_bars(desk.running.database, "AAPL", rows(PAST), source="t", state="final", taken_at=NOON)
        assert remove_symbol(desk.file, "AAPL") is None
        desk.hears()
        assert "AAPL" not in desk.shorts
        count = desk.running.database.execute("SELECT count(*) FROM bars WHERE symbol = 'AAPL'").fetchone()
        assert count[0] == len(PAST)
        asked = len(desk.service.asked)
        desk.later()
        assert all("AAPL" not in symbols for _, symbols in desk.service.asked[asked:])
        add_symbol(desk.file, "AAPL")
        desk.hears()
        assert desk.row("AAPL").record is not None


def test_those_that_stay_are_not_asked_for_again(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        desk.later()
        before = len(desk.service.asked)
        prices = {row.short: row.quote for row in desk.running.snapshot().instruments}
        set_group(desk.file, "RUT", "mine")
        desk.hears()
        assert desk.row("RUT").group == "mine"
        assert {row.short: row.quote for row in desk.running.snapshot().instruments} == prices
        assert len(desk.service.asked) == before
        spent = desk.running.budget.tokens(desk.running.clock.now())
        write_setting(desk.file, "feed.budget", 100)
        desk.hears()
        assert desk.running.snapshot().health.budget == 100
        assert desk.running.budget.tokens(desk.running.clock.now()) <= spent


def test_the_order_a_level_and_the_pace_are_taken_up(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        write_order(desk.file, ("DJIA", "RUT"))
        desk.hears()
        assert desk.shorts == ["DJIA", "RUT", "SPX"]
        assert add_level(desk.file, "RUT", 1234.5, note="mine") is None
        desk.hears()
        assert 1234.5 in [level.price for level in desk.row("RUT").levels]
        assert remove_level(desk.file, "RUT", 1234.5) is None
        desk.hears()
        assert 1234.5 not in [level.price for level in desk.row("RUT").levels]
        write_setting(desk.file, "feed.poll", 120.0)
        desk.hears()
        assert desk.running.snapshot().health.refresh_seconds == 120


def test_pairs_come_and_go_and_the_flags_of_the_others_live_on(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        engine = desk.running.feed.engine
        lives, ids = dict(engine.lives), set(engine.watches)
        gone = "spread-shock:^RUT:^GSPC"
        assert gone in ids
        assert remove_pair(desk.file, gone) is None
        desk.hears()
        assert set(desk.running.feed.engine.watches) == ids - {gone}
        assert desk.running.feed.engine.lives == lives
        assert add_pair(desk.file, "spread-shock", "DJIA", "SPX") is None
        desk.hears()
        assert set(desk.running.feed.engine.watches) == ids - {gone} | {"spread-shock:^DJI:^GSPC"}
        stored = read_lives(desk.running.database)
        assert {name: stored[name] for name in lives} == lives
        assert all(flag.id != gone for flag in desk.running.snapshot().flags)


def test_a_file_made_rubbish_leaves_the_last_good_settings_and_says_so(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        add_symbol(desk.file, "AAPL")
        desk.hears()
        good = desk.file.read_text()
        desk.file.write_text(good + "[[level\n")
        desk.hears()
        assert "AAPL" in desk.shorts
        said = [line for line in desk.running.snapshot().problems if "not valid TOML" in line]
        assert said
        assert "stay in force" in said[0]
        assert any("stay in force" in line for line in desk.running.said)
        desk.file.write_text(good)
        desk.hears()
        assert not any("TOML" in line for line in desk.running.snapshot().problems)


@pytest.mark.parametrize("how", ["gone", "empty"])
def test_a_file_that_an_editor_is_writing_anew_is_not_believed_to_be_gone(tmp_path: Path, how: str) -> None:
    with market(tmp_path) as desk:
        good = desk.file.read_text()
        desk.file.unlink() if how == "gone" else desk.file.write_text("")
        desk.hears()
        assert sorted(desk.shorts) == sorted(BOARD)
        desk.file.write_text(good)
        desk.hears()
        assert sorted(desk.shorts) == sorted(BOARD)
        desk.file.unlink()
        desk.hears()
        desk.hears()
        assert "VIX" in desk.shorts


def test_a_feed_that_is_killed_in_between_begins_with_what_was_written(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        journal = desk.running.journal()
        add_symbol(desk.file, "AAPL")
        config, _ = load(desk.file)
        feed = desk.running.feed
        desk.running.feed = Feed(
            feed.paths,
            config,
            desk.service,
            desk.running.clock,
            feed.database,
            feed.budget,
            log=desk.running.said.append,
        )
        desk.later()
        assert "AAPL" in desk.shorts
        assert desk.running.journal()[: len(journal)] == journal


def test_a_change_between_the_start_and_the_first_look_is_not_missed(tmp_path: Path) -> None:
    with market(tmp_path) as desk:
        before = desk.running.feed.config
        add_symbol(desk.file, "AAPL")
        feed = desk.running.feed
        desk.running.feed = Feed(
            feed.paths,
            before,
            desk.service,
            desk.running.clock,
            feed.database,
            feed.budget,
            log=desk.running.said.append,
        )
        desk.hears()
        assert "AAPL" in desk.shorts


def test_a_symbol_that_nobody_sells_is_said_and_costs_the_others_nothing(tmp_path: Path) -> None:
    with market(tmp_path) as desk:

        def at(symbols: tuple[str, ...], span: Span | None, now: object) -> Answer:
            lost = {"NOSUCH": Failure("no such symbol", 404, unknown_symbol=True)} if "NOSUCH" in symbols else {}
            found = with_history(tuple(one for one in symbols if one != "NOSUCH"), span, now)
            return Answer(ticks=found.ticks, daily=found.daily, failures=lost, sent=1, taken_at=found.taken_at)

        desk.service.at = at
        add_symbol(desk.file, "NOSUCH")
        desk.hears()
        for _ in range(3):
            desk.later()
        health = desk.running.snapshot().health
        assert (health.silent, health.error) == (("NOSUCH",), None)
        remove_symbol(desk.file, "NOSUCH")
        desk.hears()
        assert desk.running.snapshot().health.silent == ()


@pytest.mark.parametrize("reading", ["load_bars", "load_origins", "load_gaps"])
def test_a_store_that_cannot_be_read_just_then_costs_neither_bars_nor_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reading: str
) -> None:
    with market(tmp_path) as open_market:
        feed = open_market.running.feed
        before = {symbol: len(one.bars) for symbol, one in feed.book.histories.items()}
        real, failed = getattr(book, reading), list[str]()

        def fails_once(*words: object, **named: object) -> object:
            if not failed:
                failed.append(reading)
                problem = sqlite3.OperationalError("database disk image is malformed")
                problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
                raise problem
            return real(*words, **named)

        monkeypatch.setattr(book, reading, fails_once)
        assert add_symbol(open_market.file, "SAP.DE") is None
        for _ in range(4):
            safe_hear(feed)
            open_market.running.clock.jump(open_market.running.clock.now() + MINUTE)
            safe_step(feed)
        assert failed
        assert "SAP.DE" in open_market.shorts or "SAP" in open_market.shorts
        assert {symbol: len(feed.book.histories[symbol].bars) for symbol in before} == before


def test_a_file_made_while_the_feed_starts_is_taken_up(tmp_path: Path) -> None:
    file = tmp_path / "c" / "config.toml"
    file.parent.mkdir()
    config, _ = load(file)
    assert add_symbol(file, "SAP.DE") is None
    followed = Followed(file, config)
    assert followed.look()
    assert any(one.symbol == "SAP.DE" for one in followed.config.instruments)
    assert not followed.look()
