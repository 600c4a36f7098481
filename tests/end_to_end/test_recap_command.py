"""`tapewatch recap` as scripts meet it: forms, exit codes, another week said aside, a store that is only read."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tapewatch.core.importing import import_paths
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import INSTRUMENTS

from ..market import rows, tree, walk
from .said import NOTHING, OK, PARTIAL, USAGE, Command, Said

LAST = date(2025, 10, 17)


Recap = Callable[..., Said]


def filled(folder: Path, symbols: tuple[str, ...]) -> Paths:
    """A store of made indices and the settings that watch those alone."""
    for seed, symbol in enumerate(symbols):
        bars = rows(walk(seed, 900, first=date(2022, 6, 1)).upto(LAST))
        lines = [f"{bar.day},{bar.open},{bar.high},{bar.low},{bar.close},0" for bar in bars]
        (folder / f"{symbol}.csv").write_text("date,open,high,low,close,volume\n" + "\n".join(lines))
    hidden = [one.symbol for one in INSTRUMENTS if one.symbol not in symbols]
    settings = "".join(f'[[instrument]]\nsymbol = "{symbol}"\nhidden = true\n' for symbol in hidden)
    settings += '[[rule]]\nrule = "record-reversal"\nwatched = "^RUT"\n'
    (folder / "config.toml").write_text(settings)
    paths = default_paths(folder / "store", folder / "config.toml")
    # of made bars no calendar knows the holidays: they are taken as old ones
    assert import_paths(paths, [folder], INSTRUMENTS, lambda _: None, datetime(2030, 1, 1, tzinfo=UTC)) == 0
    return paths


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return filled(tmp_path_factory.mktemp("made"), ("^GSPC", "^DJI", "^RUT"))


@pytest.fixture
def recap(command: Command, store: Paths) -> Recap:
    def said(*arguments: str, where: Path = store.store, config: bool = True) -> Said:
        given = ("--config", store.config_file) if config else ()
        return command("recap", *arguments, "--store", where, *given)

    return said


def test_a_whole_week_is_told_and_nothing_is_missing(recap: Recap) -> None:
    said = recap("--week", "2025-10-08")
    assert (said.code, said.err) == (OK, "")
    assert said.out.splitlines()[0].startswith("Russell 2000: the week of 6-10 October 2025 (")
    assert said.out.endswith("Every figure is computed from stored bars; no causes are given.\n")
    assert said.out.isascii()


def test_the_newest_week_of_any_index_in_either_spelling(recap: Recap) -> None:
    for name in ("SPX", "^GSPC"):
        said = recap("--watched", name)
        assert said.code == OK
        assert said.out.startswith("S&P 500: the week of 13-17 October 2025 (")


def test_a_sunday_means_the_week_it_ends(recap: Recap) -> None:
    assert recap("--week", "2025-10-12").out == recap("--week", "2025-10-06").out


def test_the_forms(recap: Recap) -> None:
    found = json.loads(recap("--week", "2025-10-08", "--json").out)
    assert found["symbol"] == "^RUT"
    assert {"text", "figures", "sources"} == set(found["parts"][0]["sentences"][0])
    note = recap("--week", "2025-10-08", "--markdown").out
    assert note.startswith("# Russell 2000: the week of 6-10 October 2025")
    assert "| SYM | CLOSE |" in note
    assert recap("--json", "--markdown").code == USAGE


def test_another_week_is_said_aside(recap: Recap) -> None:
    said = recap("--week", "2025-10-29")
    assert said.code == PARTIAL
    assert "no bars of RUT in the week of 2025-10-27; shown is the last before it with bars" in said.err
    assert "the week of 13-17 October 2025" in said.out


def test_missing_instruments_are_named(recap: Recap) -> None:
    said = recap("--week", "2025-10-08", config=False)
    assert said.code == PARTIAL
    assert "no bars of COMP, NDX, " in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--week", "last"), USAGE, "'last' is not a date"),
        (("--week", "9999-01-04"), USAGE, "in the future"),
        (("--watched", "RUTT"), USAGE, "unknown symbol 'RUTT'; nearest: RUT"),
        (("--week", "1999-01-04"), NOTHING, "no bars of RUT up to the week of 1999-01-04"),
        (("--week", "0001-01-01"), NOTHING, "no bars of RUT up to the week of 0001-01-01"),
        (("--watched", "KRE"), NOTHING, "no bars of KRE"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(recap: Recap, arguments: tuple[str, ...], code: int, words: str) -> None:
    said = recap(*arguments)
    assert (said.code, said.out) == (code, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_without_a_store_there_is_nothing_and_none_is_made(recap: Recap, tmp_path: Path) -> None:
    said = recap(where=tmp_path / "none")
    assert said.code == NOTHING
    assert not (tmp_path / "none").exists()


def test_it_only_reads(recap: Recap, store: Paths) -> None:
    before = tree(store.store)
    assert recap().code == OK
    assert tree(store.store) == before
