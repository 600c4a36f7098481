"""The command `recap`: a week in words and tables, to standard output; nothing is written."""

import argparse
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .core.model.recap import Recap


def recap_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("--week", metavar="DATE", help="the week of this date (YYYY-MM-DD); else the newest one")
    parser.add_argument("--watched", metavar="SYMBOL", default="^RUT", help="whose week (default RUT)")
    form = parser.add_mutually_exclusive_group()
    for name in ("json", "markdown"):
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=f"as {name}")


def print_recap(chosen: argparse.Namespace) -> int:
    """The week in words; another week taken than asked for, and what is missing, are said aside."""
    from .cli import NOTHING, OK, PARTIAL, ComplaintError, a_date, known_symbol, places, say, warned
    from .core.recapping import NothingError, recap_in
    from .tui.recap_report import printed_recap

    paths = places(chosen)
    config = warned(chosen, paths)
    asked = a_date(chosen.week) if chosen.week else None
    try:
        answer = recap_in(paths, config, known_symbol(chosen.watched, config), asked)
    except NothingError as problem:
        raise ComplaintError(NOTHING, str(problem)) from None
    for sentence in answer.said:
        say(sentence, OK)
    sys.stdout.write(printed_recap(answer.recap, chosen.form or "text"))
    for sentence in answer.missing:
        say(sentence, PARTIAL)
    return PARTIAL if answer.missing else OK


def recap_note(recap: "Recap") -> str:
    """The text of a recap's file, for the feed, which knows nothing of how a week is printed."""
    from .tui.recap_report import printed_recap

    return printed_recap(recap, "markdown")
