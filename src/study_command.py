"""The command `study`: what was typed, made into one study of stored bars; nothing is written."""

import argparse
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .core.model.config import Config
    from .core.model.study import Study
    from .core.paths import Paths


def study_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("rule", metavar="RULE", help="its name, or D1 to D12")
    parser.add_argument("--watched", metavar="SYMBOL", help="another instrument than the configured one")
    parser.add_argument("--against", metavar="SYMBOL,SYMBOL", help="its references, all of which must hold")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="a threshold; may be repeated")
    parser.add_argument("--from", dest="since", metavar="DATE", help="count sessions from this date on")
    parser.add_argument("--to", dest="until", metavar="DATE", help="use bars up to this date and nothing later")
    parser.add_argument("--outcome", choices=("watched", "reference"), default="watched", help="whose returns follow")
    parser.add_argument("--given", metavar="CONDITION", help="only days like: KRE above sma50")
    parser.add_argument("--entry", choices=("close", "next-open"), default="close", help="where it is entered")
    parser.add_argument("--json", dest="form", action="store_const", const="json", help="as json")


def print_study(chosen: argparse.Namespace) -> int:
    """What a rule did before; a hole in a leg is said aside."""
    from .cli import OK, PARTIAL, USAGE, ComplaintError, places, say, warned
    from .core.conditions import ConditionError
    from .core.studying import StudyError
    from .tui.study_report import printed_study

    paths = places(chosen)
    config = warned(chosen, paths)
    try:
        made = _answered(chosen, paths, config)
    except (StudyError, ConditionError) as problem:
        raise ComplaintError(USAGE, str(problem)) from None
    sys.stdout.write(printed_study(made, chosen.form or "text", {one.symbol: one.short for one in config.instruments}))
    for sentence in made.gaps:
        say(sentence, PARTIAL)
    return PARTIAL if made.gaps else OK


def _answered(chosen: argparse.Namespace, paths: "Paths", config: "Config") -> "Study":
    from .cli import NOTHING, OK, ComplaintError, a_date, known_symbol, say
    from .core.conditions import condition
    from .core.flags.watch import legs_of
    from .core.oneshot import stored_bars
    from .core.studying import StudyError, asked_for, study

    since, until = (a_date(day) if day else None for day in (chosen.since, chosen.until))
    if since and until and since > until:
        raise StudyError(f"the span ends before it begins: {since} to {until}")
    watched = known_symbol(chosen.watched, config) if chosen.watched else None
    listed = None if chosen.against is None else [one for one in chosen.against.split(",") if one.strip()]
    against = None if listed is None else tuple(known_symbol(one, config) for one in listed)
    setting = asked_for(config, chosen.rule, watched, against, chosen.set)
    if chosen.outcome == "reference" and not setting.against:
        raise StudyError(f"{setting.rule} has no reference here; name one with --against")
    given = condition(chosen.given, config.instruments) if chosen.given is not None else None
    bars = stored_bars(paths)
    _need([*legs_of(setting), *([given.symbol] if given else [])], list(bars), paths, config)
    made = study(
        setting, bars, since=since, until=until, outcome=chosen.outcome, entry=chosen.entry.replace("-", " "),
        given=given, instruments=config.instruments,
    )  # fmt: skip
    if made is None:
        raise ComplaintError(NOTHING, "the instruments share no session of that span")
    if until and made.span[1] != until:
        say(f"the instruments share no session of {until}; the span ends with their last before it, {made.span[1]}", OK)
    return made


def _need(wanted: "Sequence[str]", held: "Sequence[str]", paths: "Paths", config: "Config") -> None:
    from .cli import NOTHING, ComplaintError

    short = {one.symbol: one.short for one in config.instruments}
    lack = [short.get(symbol, symbol) for symbol in dict.fromkeys(wanted) if symbol not in held]
    if lack:
        where = f"in {paths.store}; run tapewatch fetch, or import bars"
        raise ComplaintError(NOTHING, f"no bars of {', '.join(lack)} {where}")
