"""The command line as scripts meet it: exit codes, forms of output, and no traceback for anything."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tapewatch import __version__
from tapewatch.core.channel import Lock, publish
from tapewatch.core.importing import import_paths
from tapewatch.core.model.flag import Event
from tapewatch.core.model.snapshot import SCHEMA, ClockReading, Snapshot
from tapewatch.core.oneshot import snapshot_as_of, stored_bars
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sessions import trading_days
from tapewatch.core.store.journal import write_events
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import INSTRUMENTS, default_config

from ..market import eastern, rows, tree, walk
from .said import ERROR, NOTHING, OK, PARTIAL, USAGE, Command, Said

LAST = date(2025, 10, 17)


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A store in which some of the board has made bars up to 17 October 2025."""
    folder = tmp_path_factory.mktemp("made")
    for seed, symbol in enumerate(("^GSPC", "^DJI", "^IXIC", "^NDX", "^RUT", "^HSI", "^VIX", "^TNX")):
        # a bar for each session of its exchange: one that lacked would be named
        days = trading_days("XHKG" if symbol == "^HSI" else "XNYS", date(2022, 11, 1), LAST)
        bars = zip(days, rows(walk(seed, len(days))), strict=True)
        lines = [f"{day},{bar.open},{bar.high},{bar.low},{bar.close},0" for day, bar in bars]
        (folder / f"{symbol}.csv").write_text("date,open,high,low,close,volume\n" + "\n".join(lines))
    paths = default_paths(folder / "store", folder / "none.toml")
    # of made bars no calendar knows the holidays: they are taken as old ones
    assert import_paths(paths, [folder], INSTRUMENTS, lambda _: None, datetime(2030, 1, 1, tzinfo=UTC)) == 0
    return paths


def shot(paths: Paths, *more: str) -> list[object]:
    return ["snapshot", "--store", paths.store, "--as-of", str(LAST), *more]


# -- exit codes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["snapshot", "--as-of", "yesterday"],
        ["snapshot", "--as-of", "2025-13-01"],
        ["snapshot", "--as-of", "17.10.2025"],
        ["snapshot", "--as-of", "2999-01-04"],
        ["flags", "--since", "soon"],
        ["snapshot", "--json", "--csv"],
        ["fetch", "GSPX"],
        ["dance"],
        ["import"],
        ["demo", "--rate", "0"],
        ["demo", "--rate", "fast"],
        ["snapshot", "--config", "/nowhere/at/all.toml"],
        ["completions", "csh"],
        [],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_says_what_is_wrong(command: Command, tmp_path: Path, arguments: list[str]) -> None:
    said = command(*arguments, *(["--store", tmp_path / "s"] if arguments else []))
    assert said.code == USAGE
    assert said.out == ""
    assert said.err.strip()
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["snapshot", "--as-of", "2999-01-04"], "tapewatch: 2999-01-04 is in the future\n"),
        (["snapshot", "--as-of", "soon"], "tapewatch: 'soon' is not a date; write it like 2025-10-17\n"),
        (["fetch", "GSPX"], "tapewatch: unknown symbol 'GSPX'; nearest: SPX"),
    ],
)
def test_the_sentence_names_what_was_meant(command: Command, arguments: list[str], said: str) -> None:
    assert command(*arguments).err.startswith(said)


@pytest.mark.parametrize(
    "arguments", [["snapshot"], ["snapshot", "--as-of", "2025-10-17"], ["flags"], ["snapshot", "--json"]]
)
def test_an_empty_store_is_4_and_stays_empty(command: Command, tmp_path: Path, arguments: list[str]) -> None:
    said = command(*arguments, "--store", tmp_path / "store")
    assert (said.code, said.out) == (NOTHING, "")
    assert str(tmp_path / "store") in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_journal_without_a_line_is_4_and_a_quiet_span_of_one_is_not(command: Command, tmp_path: Path) -> None:
    paths = default_paths(tmp_path)
    with closing(connect(paths.database)) as database:
        said = command("flags", "--store", tmp_path, "--json")
        assert (said.code, said.out) == (NOTHING, "")
        assert said.err == f"tapewatch: the journal in {tmp_path} is empty: no flag has formed yet\n"
        event = Event(
            time=eastern("2025-10-17 16:10"), session=LAST, flag="record-reversal:^RUT", rule="record-reversal",
            watched="^RUT", against=(), state="confirmed", sentence="",
        )  # fmt: skip
        write_events(database, [event], {})
    assert command("flags", "--store", tmp_path).code == OK
    quiet = command("flags", "--store", tmp_path, "--since", "2025-10-20", "--json")
    assert (quiet.code, quiet.out) == (OK, "[]\n")


@pytest.mark.parametrize("day", ["0001-01-01", "1905-01-02", "1928-01-03", "1984-06-01", "2001-09-11"])
def test_a_date_before_all_bars_is_4(command: Command, filled: Paths, day: str) -> None:
    said = command("snapshot", "--store", filled.store, "--as-of", day)
    assert (said.code, said.out) == (NOTHING, "")


def test_part_of_the_board_is_3_and_names_what_is_missing(command: Command, filled: Paths) -> None:
    said = command(*shot(filled))
    assert said.code == PARTIAL
    assert "no bars of SX5E, ASX, ES" in said.err
    assert said.out.startswith("tapewatch - data of Fri 2025-10-17 16:")


def test_all_that_was_asked_for_is_0(command: Command, filled: Paths, tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    have = set(stored_bars(filled))
    lacking = [one.symbol for one in default_config().followed if one.symbol not in have]
    config.write_text("".join(f'[[instrument]]\nsymbol = "{symbol}"\nhidden = true\n' for symbol in lacking))
    said = command(*shot(filled), "--config", config)
    assert (said.code, said.err) == (OK, "")


def test_a_weekend_means_friday_and_says_so(command: Command, filled: Paths) -> None:
    friday = command(*shot(filled, "--json"))
    sunday = command("snapshot", "--store", filled.store, "--as-of", "2025-10-19", "--json")
    assert sunday.out == friday.out
    assert sunday.code == friday.code
    assert "2025-10-19 is no session in New York" in sunday.err
    assert "2025-10-19" not in friday.err


# -- forms ----------------------------------------------------------------------------------------------


def flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flat(inner, f"{name}.{key}" if name else key)
    else:
        yield name, value


def test_json_is_the_snapshot(command: Command, filled: Paths) -> None:
    said = command(*shot(filled, "--json"))
    wanted = snapshot_as_of(filled, default_config(), LAST)
    assert msgspec.json.decode(said.out, type=Snapshot) == wanted
    assert "NaN" not in said.out
    plain = json.loads(said.out)
    assert (plain["schema"], plain["mode"], plain["session"]) == (SCHEMA, "live", "2025-10-17")
    rut = next(row for row in plain["instruments"] if row["symbol"] == "^RUT")
    assert rut["quote"]["time"] == "2025-10-17T16:00:00-04:00"
    assert rut["record"]["close"]["distance_percent"] <= 0 <= rut["record"]["close"]["to_recover_percent"]


def test_csv_has_a_row_an_instrument_and_dotted_keys(command: Command, filled: Paths) -> None:
    table = list(csv.DictReader(io.StringIO(command(*shot(filled, "--csv")).out)))
    plain = json.loads(command(*shot(filled, "--json")).out)
    assert [row["symbol"] for row in table] == [row["symbol"] for row in plain["instruments"]]
    assert {"quote.last", "week.change_percent", "record.intraday.price", "year_range.close.high"} <= set(table[0])
    for row, wanted in zip(table, plain["instruments"], strict=True):
        for name, value in flat(wanted):
            if isinstance(value, float | int) and not isinstance(value, bool):
                assert float(row[name]) == value
            elif value is None and name in row:
                assert row[name] == ""


def test_markdown_tables_are_whole(command: Command, filled: Paths) -> None:
    text = command(*shot(filled, "--markdown")).out
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(blocks) >= 6
    for block in blocks:
        widths = {line.count("|") for line in block}
        assert len(widths) == 1
        assert all(line.startswith("| ") and line.endswith(" |") for line in block)
        assert set(block[1]) <= set("|-: ")
        assert len(block) > 2


def test_text_is_plain(command: Command, filled: Paths) -> None:
    text = command(*shot(filled)).out
    assert text.isascii()
    assert "\x1b" not in text
    lines = text.splitlines()
    assert any(line.split()[:3] == ["RUT", "Russell", "2000"] for line in lines)
    assert not any(line != line.rstrip() for line in lines)


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether a value is what a JSON Schema of msgspec's says (the keywords it uses)."""
    if "$ref" in schema:
        return fits(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "anyOf" in schema:
        return any(fits(value, one, root) for one in schema["anyOf"])
    kind = schema.get("type")
    kinds: dict[str, type] = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool}
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is not None and kind in kinds and not isinstance(value, kinds[kind]):
        return False
    if kind == "object":
        known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
        inner = all(
            fits(one, known[key], root) if key in known else isinstance(other, dict) and fits(one, other, root)
            for key, one in value.items()
        )
        return inner and set(schema.get("required", ())) <= set(value)
    if kind == "array" and isinstance(schema.get("items"), dict):
        return all(fits(one, schema["items"], root) for one in value)
    if kind == "array" and "prefixItems" in schema:
        return len(value) == len(schema["prefixItems"])
    return True


def test_the_json_is_what_the_schema_says(command: Command, filled: Paths) -> None:
    schema = json.loads(command("schema").out)
    plain = json.loads(command(*shot(filled, "--json")).out)
    assert fits(plain, schema, schema)
    assert not fits({**plain, "mode": 7}, schema, schema)
    assert not fits({key: value for key, value in plain.items() if key != "clock"}, schema, schema)
    plain["instruments"][0]["quote"]["last"] = "much"
    assert not fits(plain, schema, schema)


# -- nothing is changed, nothing breaks -------------------------------------------------------------------


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"], ["--markdown"]])
def test_looking_changes_nothing(command: Command, filled: Paths, form: list[str]) -> None:
    before = tree(filled.store)
    command(*shot(filled, *form))
    command("snapshot", "--store", filled.store, *form)
    command("flags", "--store", filled.store)
    assert tree(filled.store) == before


@contextmanager
def spoiled(folder: Path, name: str, content: bytes | None) -> Generator[Path]:
    store = folder / "store"
    store.mkdir()
    if content is None:
        (store / name).mkdir()
    else:
        (store / name).write_bytes(content)
    before = tree(store)
    yield store
    assert tree(store) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tapewatch.db", b"\x00\x01 no database" * 300),
        ("tapewatch.db", b""),
        ("tapewatch.db", None),
        ("snapshot.json", b"\xff\xfe{"),
        ("snapshot.json", b'{"schema": 99}'),
        ("snapshot.json", None),
    ],
)
def test_files_that_are_none_are_said_in_a_sentence(
    command: Command, tmp_path: Path, name: str, content: bytes | None
) -> None:
    with spoiled(tmp_path, name, content) as store:
        said = command("snapshot", "--store", store)
        assert said.code in (ERROR, NOTHING)
        assert said.out == ""
        assert said.err.startswith("tapewatch: ")
        assert len(said.err.splitlines()) == 1
        if name == "tapewatch.db":
            assert command("flags", "--store", store).code in (ERROR, NOTHING)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_snapshot_that_may_not_be_read_is_said(command: Command, tmp_path: Path) -> None:
    (tmp_path / "snapshot.json").write_text("{}")
    (tmp_path / "snapshot.json").chmod(0)
    assert command("snapshot", "--store", tmp_path).code == ERROR


def test_settings_that_are_a_folder_are_said(command: Command, tmp_path: Path, filled: Paths) -> None:
    said = command(*shot(filled), "--config", tmp_path)
    assert said.code in (ERROR, USAGE, PARTIAL)
    assert str(tmp_path) in said.err


def test_a_store_that_is_a_file_is_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    bars = tmp_path / "^RUT.csv"
    bars.write_text("date,open,high,low,close\n2025-10-17,1,2,1,2\n")
    for arguments in (["snapshot"], ["flags"], ["import", bars], ["feed"]):
        said = command(*arguments, "--store", file)
        assert said.code in (ERROR, NOTHING)
        assert said.err.startswith("tapewatch: ")
    assert file.read_text() == "x"


def test_a_published_snapshot_is_shown_with_its_age(command: Command, tmp_path: Path, filled: Paths) -> None:
    paths = default_paths(tmp_path)
    moment = eastern("2025-10-17 17:00")
    taken = snapshot_as_of(filled, default_config(), LAST)
    publish(paths, msgspec.structs.replace(taken, clock=ClockReading(now=moment, rate=1.0, read_at=moment)))
    said = command("snapshot", "--store", tmp_path, "--json")
    assert said.code == PARTIAL
    row = next(row for row in json.loads(said.out)["instruments"] if row["symbol"] == "^RUT")
    assert (row["freshness"], row["quote"]["state"]) == ("stale", "final")
    assert row["age_seconds"] > 3600
    assert "stale: SPX, DJIA" in said.err


def test_import_is_reported_and_its_code_says_how_much(command: Command, tmp_path: Path) -> None:
    bars = tmp_path / "RUT.csv"
    bars.write_text("date,open,high,low,close\n2025-10-17,1,2,1,2\n2025-10-16,1,x,1,2\n")
    said = command("import", bars, "--store", tmp_path / "store")
    assert said.code == PARTIAL
    assert said.out.splitlines()[0] == "^RUT: 1 new, 0 replaced, 0 unchanged, 1 refused; 2025-10-17 to 2025-10-17"
    assert command("import", tmp_path / "nothing", "--store", tmp_path / "store").code == ERROR


# -- as a process -----------------------------------------------------------------------------------------


def process(*arguments: object, text: str = "") -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "tapewatch", *map(str, arguments)], input=text, capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "100"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def test_a_second_feed_says_who_holds_the_store_and_leaves_in_order(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "feed.lock", "alone")
    assert lock.take()
    lock.note("pid 4711, version 0.0.1, default settings")
    said = process("feed", "--store", tmp_path)
    lock.release()
    assert said.code == OK
    assert "this store has a feed already: pid 4711, version 0.0.1, default settings" in said.err


def test_a_monitor_without_a_terminal_says_what_to_use(tmp_path: Path) -> None:
    said = process("--store", tmp_path)
    assert (said.code, said.out) == (USAGE, "")
    assert "tapewatch snapshot" in said.err


def test_the_version_and_a_pipe_that_closes(filled: Paths) -> None:
    assert process("--version").out == f"tapewatch {__version__}\n"
    with subprocess.Popen(
        [sys.executable, "-m", "tapewatch", *map(str, shot(filled, "--json"))], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()
