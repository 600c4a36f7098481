"""The command `line`: the published market on one line, for the status of tmux or a shell; nothing is written."""

import argparse
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from .core.model.instrument import Instrument
    from .core.model.snapshot import Row, Snapshot
    from .core.paths import Paths
    from .tui.status_line import Paint, Wanted

    Named = TypeVar("Named", Row, Instrument)

USUAL = ("^RUT", "^GSPC")
"""What is shown where nothing is asked for, as far as it is watched."""
LEAST, MOST = 10, 1000


def line_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("--symbols", metavar="SYMBOL,SYMBOL", help="these, in this order (default RUT,SPX)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--width", type=_cells, metavar="N", help="in at most so many columns; parts go as a whole")
    form.add_argument(
        "--format", dest="form", metavar="TEXT", help="a form of your own, such as '{RUT} {flags} {time}'"
    )
    parser.add_argument("--tmux", action="store_true", help="with tmux's marks for colours")


def _cells(text: str) -> int:
    value = int(text)
    if not LEAST <= value <= MOST:
        raise argparse.ArgumentTypeError(f"{text} is no number from {LEAST} to {MOST}")
    return value


def print_line(chosen: argparse.Namespace) -> int:
    """The line; what is old or unknown it says itself, with the exit code for that."""
    from .cli import OK, PARTIAL, USAGE, ComplaintError, say
    from .core.model.harmless import harmless
    from .tui.status_line import UnknownFieldError, is_partial, status_line, written

    snapshot = _published(chosen)
    wanted = _wanted(chosen.symbols, snapshot)
    paint = _paint(chosen)
    if chosen.form is not None:
        try:
            text = written(harmless(chosen.form), snapshot, wanted, paint)
        except UnknownFieldError as problem:
            raise ComplaintError(USAGE, str(problem)) from None
    else:
        text = status_line(snapshot, wanted, paint, chosen.width)
    sys.stdout.write(f"{_encodable(harmless(text))}\n")
    if not text:
        return say(f"no part of the line fits in {chosen.width} columns", PARTIAL)
    return PARTIAL if is_partial(snapshot, wanted) else OK


def _published(chosen: argparse.Namespace) -> "Snapshot":
    """The snapshot as it must be read now; where there is none, an empty line and a complaint."""
    import msgspec

    from .cli import NOTHING, ComplaintError, places, settings_of
    from .core.channel import read_snapshot
    from .core.clock import clock_behind, now_on
    from .core.freshness import told_at
    from .core.model.snapshot import ClockReading

    paths = places(chosen)
    found = read_snapshot(paths)
    if found is None or all(row.quote is None for row in found.instruments):
        if chosen.symbols is not None:
            # a name that nothing will ever have is wrong before there are prices too
            _named(chosen.symbols, settings_of(chosen, paths)[0].instruments)
        sys.stdout.write("\n")
        raise ComplaintError(NOTHING, _nothing(paths, "no data yet" if found is None else "no prices yet"))
    now = now_on(found.clock)
    told = told_at(found, now, behind=clock_behind(found.clock))
    return msgspec.structs.replace(told, clock=ClockReading(now=now, rate=found.clock.rate))


def _nothing(paths: "Paths", why: str) -> str:
    """Why there is no line; where bars are stored, how many, and what shows them: computing takes a prompt too long."""
    count = 0
    if paths.database.exists():
        from .core.store.schema import reading
        from .core.store.span import stored_count

        with reading(paths.database) as database:
            count = stored_count(database)
    if not count:
        return f"{why} in {paths.store}; run tapewatch"
    bars = "one bar is" if count == 1 else f"{count:,} bars are"
    return f"no snapshot yet in {paths.store}; {bars} stored: tapewatch snapshot shows them"


def _wanted(symbols: str | None, snapshot: "Snapshot") -> "Wanted":
    """The rows asked for, either spelling; else the usual ones, else the first two of the board."""
    rows = snapshot.instruments
    if symbols is None:
        return tuple(row for one in USUAL for row in rows if row.symbol == one) or rows[:2]
    return _named(symbols, rows)


def _named(symbols: str, rows: "tuple[Named, ...]") -> "tuple[Named, ...]":
    """Those named, each once, in the order asked for; the complaint names what is like a name that is unknown."""
    from .cli import USAGE, ComplaintError

    names = [one.strip().upper() for one in symbols.split(",") if one.strip()]
    known = {name.upper(): row for row in reversed(rows) for name in (row.symbol, row.symbol.lstrip("^"), row.short)}
    lacking = next((name for name in names if name not in known), None)
    if not names or lacking is not None:
        from difflib import get_close_matches

        near = ", ".join(get_close_matches(lacking or "", [row.short for row in rows], n=3))
        raise ComplaintError(USAGE, f"{lacking or ''!r} is not on the board" + (f"; nearest: {near}" if near else ""))
    return tuple({known[name].symbol: known[name] for name in names}.values())


def _paint(chosen: argparse.Namespace) -> "Paint":
    """No colour, or tmux's marks in the colours of the settings."""
    from .tui.status_line import Tmux, plain

    if not chosen.tmux:
        return plain
    from .cli import places, settings_of

    screen = settings_of(chosen, places(chosen))[0].screen
    return Tmux(screen.gain, screen.loss, red_up=screen.red_up)


def _encodable(text: str) -> str:
    """The text in signs that standard output has."""
    from .tui.glyphs import to_ascii

    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return text if encoding == "utf8" else to_ascii(text)
