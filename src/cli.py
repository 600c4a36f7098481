"""The command line: arguments to one function each; a command imports what it needs inside it."""

import argparse
import contextlib
import sys

from . import __version__
from .alerts_command import alerts_arguments, run_alerts
from .arguments import Parser, a_day, a_path, parsed, positive
from .chart_command import chart_arguments, print_chart
from .claim_command import check_claim, claim_arguments
from .config_command import config_arguments, run_config_command
from .core.model.harmless import harmless
from .line_command import line_arguments, print_line
from .monitor_command import RATE, demo_monitor, monitor, screen_arguments
from .recap_command import print_recap, recap_arguments, recap_note
from .replay_command import replay_arguments, replay_monitor
from .streams import flush_output, no_terminal, write_nowhere
from .study_command import print_study, study_arguments
from .tui.last_frame import SHOWN
from .web_command import serve_web, web_arguments

TYPE_CHECKING = False  # by this name type checkers know it; typing itself is milliseconds of every start
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from .core.model.config import Config, Problem
    from .core.paths import Paths

    Command = Callable[[argparse.Namespace], int]

OK, ERROR, USAGE, PARTIAL, NOTHING = 0, 1, 2, 3, 4
"""Exit codes of the contract."""


class ComplaintError(Exception):
    """A sentence for the user and the exit code that goes with it."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


def run(arguments: "Sequence[str]") -> int:
    """Parse, run, and turn every failure a user, a file or a network can cause into one sentence."""
    try:
        # the usual call is the one that must not wait for a parser of eighteen commands
        chosen = parsed(build_parser(), arguments) if arguments else argparse.Namespace(run=monitor)
        command: Command = chosen.run
        need_output(chosen)
        code = command(chosen)
        flush_output()
        return code
    except ComplaintError as complaint:
        return say(str(complaint), complaint.code)
    except BrokenPipeError:
        write_nowhere()
        return OK
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        code = say(harmless(f"{where}{problem.strerror or problem}"), ERROR)
        write_nowhere()
        return code
    except Exception as problem:
        if expected(problem):
            return say(str(problem), ERROR)
        raise


def need_output(chosen: argparse.Namespace) -> None:
    """Every command but the feed has something to print, and says so before it does anything."""
    if sys.stdout is None and chosen.run is not feed_store:
        raise ComplaintError(ERROR, "standard output is closed")


def expected(problem: Exception) -> bool:
    """Whether this is a failure a store, a disk or a file can cause; known by name, to import nothing."""
    kinds = type(problem).__mro__
    return any(kind.__name__ in ("StoreError", "ChannelError") or kind.__module__ == "sqlite3" for kind in kinds)


def say(text: str, code: int) -> int:
    """One sentence to standard error; returns the exit code."""
    SHOWN.take_back()
    with contextlib.suppress(OSError):  # nobody listens
        if sys.stderr:
            print(f"tapewatch: {text}", file=sys.stderr)
    return code


def tell(text: str) -> None:
    """One line of an answer to standard output, whatever the name of a file makes of it."""
    print(harmless(text))


# -- arguments ------------------------------------------------------------------------------------------


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    common = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--config", metavar="FILE", help="settings to use instead of the usual file")
    common.add_argument("--store", metavar="DIR", help="folder of the store instead of the usual one")
    screen = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    screen_arguments(screen)
    parser = Parser(
        prog="tapewatch",
        description="A market monitor for the terminal: index quotes, weekly ranges, distance from the "
        "all-time high and divergence flags.",
        parents=[common, screen],
        epilog="Without a command: the live monitor.",
    )
    parser.add_argument("--version", action="version", version=f"tapewatch {__version__}")
    parser.set_defaults(run=monitor)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    def add(name: str, command: "Command", text: str, *more: Parser) -> argparse.ArgumentParser:
        parents = [common, *more]
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", parents=parents)
        made.set_defaults(run=command)
        return made

    demo = add("demo", demo_monitor, "the monitor on a built-in sample market: no network, no account", screen)
    demo.add_argument("--rate", type=positive, default=RATE, help="market seconds a second (default %(default)g)")
    demo.add_argument("--seed", type=int, default=7, help="which sample market (default %(default)s)")
    files = add("import", import_bars, "daily bars from CSV files or folders into the store")
    files.add_argument(
        "paths",
        nargs="+",
        type=a_path,
        metavar="PATH",
        help="date,open,high,low,close,volume; symbol = file name",
    )
    fetch = add("fetch", fetch_once, "one round of the data service into the store, then exit")
    fetch.add_argument("symbols", nargs="*", metavar="SYMBOL", help="only these (RUT or ^RUT)")
    fetch.add_argument("--full", action="store_true", help="whole histories instead of the last sessions")
    shot = add("snapshot", print_snapshot, "all panes once, to standard output; no network, nothing written")
    shot.add_argument("--as-of", metavar="DATE", help="from final bars up to this date (YYYY-MM-DD)")
    form = shot.add_mutually_exclusive_group()
    for name in ("json", "csv", "markdown"):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=f"as {name}")
    flags = add("flags", print_journal, "the journal: when each flag formed, was confirmed, faded")
    flags.add_argument("--since", metavar="DATE", help="from this session on")
    form = flags.add_mutually_exclusive_group()
    for name in ("json", "csv"):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=f"as {name}")
    history = add("study", print_study, "the history of a rule: how often it held, what followed, with intervals")
    study_arguments(history)
    past = add("replay", replay_monitor, "the monitor on a past week from stored bars, as it looked then", screen)
    replay_arguments(past)
    week = add("recap", print_recap, "a week in words and tables, every figure computed, no cause given")
    recap_arguments(week)
    chart_arguments(add("chart", print_chart, "a chart in plain text, once: prices, a ratio, relative performance"))
    claim_arguments(add("check", check_claim, "a claim in words: true, false or depends, with figures and definition"))
    alerts_arguments(add("alerts", run_alerts, "alerts: how they stand, a test that really tells them, muting"))
    line_arguments(add("line", print_line, "the market on one line, for the status of tmux or a shell"))
    web_arguments(add("web", serve_web, "the monitor in a browser of this machine, for who has the link it prints"))
    feed = add("feed", feed_store, "the feed without a screen")
    feed.add_argument("--service", action="store_true", help="stay for good, watched or not")
    feed.add_argument("--demo-rate", type=positive, help=argparse.SUPPRESS)
    feed.add_argument("--demo-seed", type=int, default=7, help=argparse.SUPPRESS)
    feed.add_argument("--replay-of", type=a_path, help=argparse.SUPPRESS)
    feed.add_argument("--replay-from", type=a_day, help=argparse.SUPPRESS)
    doctor = add("doctor", examine, "checks terminal, store, settings, calendars and source")
    doctor.add_argument("--json", dest="form", action="store_const", const="json", help="as json")
    doctor.add_argument("--bundle", metavar="FILE", type=a_path, help="one file to attach to a report")
    config_arguments(add("config", run_config_command, "the settings: where, what, a default, problems; changing them"))
    add("schema", print_schema, "JSON Schema of the snapshot")
    shells = add("completions", print_completions, "completions for a shell")
    shells.add_argument("shell", choices=("bash", "zsh", "fish"))
    return parser


def a_date(text: str) -> "date":
    """A date from the command line, not in the future."""
    from datetime import date

    from .core.clock import wall

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ComplaintError(USAGE, f"{text!r} is not a date; write it like 2025-10-17") from None
    if day > wall().date():
        raise ComplaintError(USAGE, f"{day} is in the future")
    return day


def places(chosen: argparse.Namespace) -> "Paths":
    """Where the files of this call are."""
    from .core.paths import default_paths

    return default_paths(getattr(chosen, "store", None), getattr(chosen, "config", None))


def settings_of(chosen: argparse.Namespace, paths: "Paths") -> "tuple[Config, tuple[Problem, ...]]":
    """The settings; problems are returned, only a named file that is missing is an error."""
    from .core.settings import load

    if getattr(chosen, "config", None) and not paths.config_file.exists():
        raise ComplaintError(USAGE, f"there is no settings file {paths.config_file}")
    return load(paths.config_file)


def warned(chosen: argparse.Namespace, paths: "Paths") -> "Config":
    """The settings, their problems said on standard error."""
    config, problems = settings_of(chosen, paths)
    for problem in problems:
        say(str(problem), OK)
    return config


def forwarded(chosen: argparse.Namespace, paths: "Paths") -> list[str]:
    """The options a feed started from here needs to be the feed of the same store."""
    given = ["--store", str(paths.store)] if getattr(chosen, "store", None) else []
    if getattr(chosen, "config", None):
        given += ["--config", str(paths.config_file)]
    return given


# -- commands -------------------------------------------------------------------------------------------


def need_terminal() -> None:
    """The monitor needs a terminal on both ends."""
    lacking = no_terminal()
    if lacking:
        raise ComplaintError(USAGE, f"{lacking} `tapewatch snapshot`")


def import_bars(chosen: argparse.Namespace) -> int:
    """Bars from files into the store."""
    from .core.importing import import_paths

    paths = places(chosen)
    config = warned(chosen, paths)
    return import_paths(paths, chosen.paths, config.instruments, tell, warn=lambda text: say(text, OK))


def fetch_once(chosen: argparse.Namespace) -> int:
    """One round of the source into the store."""
    from .core.fetching import fetch

    paths = places(chosen)
    config = warned(chosen, paths)
    wanted = tuple(known_symbol(name, config) for name in chosen.symbols)
    return fetch(paths, config, wanted, full=chosen.full, say=tell)


def known_symbol(name: str, config: "Config") -> str:
    """The symbol a trader meant, either spelling."""
    from .core.universe import find, nearest

    one = find(name, config.instruments)
    if one is None:
        near = ", ".join(nearest(name, config.instruments))
        raise ComplaintError(USAGE, f"unknown symbol {name!r}" + (f"; nearest: {near}" if near else ""))
    return one.symbol


def print_snapshot(chosen: argparse.Namespace) -> int:
    """All panes once."""
    from .core.clock import SystemClock
    from .core.oneshot import lacking, session_on_or_before, snapshot_as_of, snapshot_now
    from .tui.report import printed

    paths = places(chosen)
    config = warned(chosen, paths)
    if chosen.as_of:
        asked = a_date(chosen.as_of)
        day = session_on_or_before(asked)
        if day != asked:
            say(f"{asked} is no session in New York; shown is the last before it, {day:%A} {day}", OK)
        snapshot = snapshot_as_of(paths, config, day)
    else:
        found = snapshot_now(paths, config, SystemClock())
        if found is None:
            raise ComplaintError(NOTHING, f"no data yet in {paths.store}; run tapewatch, or import bars")
        snapshot = found
    if all(row.quote is None for row in snapshot.instruments):
        upto = "up to that date" if chosen.as_of else "yet"
        raise ComplaintError(NOTHING, f"no bars {upto} in {paths.store}; run tapewatch fetch, or import bars")
    sys.stdout.write(printed(snapshot, chosen.form or "text"))
    said = lacking(snapshot)
    for sentence in said:
        say(sentence, PARTIAL)
    return PARTIAL if said else OK


def print_journal(chosen: argparse.Namespace) -> int:
    """The journal of flags."""
    from .core.store.journal import read_events
    from .core.store.schema import reading
    from .tui.report import printed_journal

    paths = places(chosen)
    since = a_date(chosen.since) if chosen.since else None
    if not paths.database.exists():
        raise ComplaintError(NOTHING, f"no journal yet in {paths.store}; run tapewatch")
    with reading(paths.database) as database:
        events = read_events(database, since=since)
        if not events and not read_events(database, newest=1):
            raise ComplaintError(NOTHING, f"the journal in {paths.store} is empty: no flag has formed yet")
    sys.stdout.write(printed_journal(events, chosen.form or "text"))
    return OK


def feed_store(chosen: argparse.Namespace) -> int:
    """The feed without a screen."""
    from .core.feeding import Demo, run_feed, run_replay
    from .core.paths import private_paths

    paths = places(chosen)
    config = warned(chosen, paths)
    if chosen.replay_of:
        return run_replay(paths, config, private_paths(chosen.replay_of, paths), chosen.replay_from)
    demo = Demo(rate=chosen.demo_rate, seed=chosen.demo_seed) if chosen.demo_rate else None
    return run_feed(paths, config, service=chosen.service, demo=demo, recap_text=recap_note)


def examine(chosen: argparse.Namespace) -> int:
    """Checks of everything around the program."""
    from .core.doctor import Check, run_doctor
    from .tui.checking import screen_problems
    from .tui.sender import Sender

    paths = places(chosen)
    config, problems = settings_of(chosen, paths)
    problems += screen_problems(paths, config)
    state, finding, remedy = Sender(config.screen.output).told()
    output = Check(name="output", state=state, finding=finding, remedy=remedy)
    as_json = chosen.form == "json"
    return run_doctor(paths, config, problems, as_json=as_json, out=sys.stdout, bundle=chosen.bundle, more=(output,))


def print_schema(_: argparse.Namespace) -> int:
    """JSON Schema of the snapshot."""
    import msgspec

    from .core.model.snapshot import Snapshot

    schema = msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Snapshot)), indent=2)
    print(schema.decode())
    return OK


def print_completions(chosen: argparse.Namespace) -> int:
    """Completions for a shell."""
    from .completions import completions_for

    print(completions_for(chosen.shell, build_parser()))
    return OK
