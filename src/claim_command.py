"""The command `check`: a claim in words to an answer on paper and an exit code; nothing is written."""

import argparse
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .core.model.claim import Answer
    from .core.model.config import Config
    from .core.paths import Paths

LISTED = 5
"""Known forms named to somebody whose claim has none of them."""


def claim_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("claim", nargs="+", metavar="CLAIM", help='like "RUT closed near its low on 2025-10-17"')
    parser.add_argument("--json", dest="form", action="store_const", const="json", help="as json")


def check_claim(chosen: argparse.Namespace) -> int:
    """Answer the claim; a date that was no session is said aside."""
    from .cli import OK, places, say, warned
    from .core.model.harmless import harmless
    from .tui.claim_report import printed_answer

    paths = places(chosen)
    answer = _answered(harmless(" ".join(chosen.claim)), paths, warned(chosen, paths))
    for moved in answer.moved:
        say(moved, OK)
    sys.stdout.write(printed_answer(answer, chosen.form or "text"))
    return code_of(answer)


def _answered(claim: str, paths: "Paths", config: "Config") -> "Answer":
    from .cli import NOTHING, USAGE, ComplaintError
    from .core.claims.check import check
    from .core.claims.grammar import ClaimError, UnknownFormError, UnknownSymbolError
    from .core.claims.when import WhenError
    from .core.clock import wall
    from .core.oneshot import stored_bars

    bars = stored_bars(paths)
    if not bars:
        raise ComplaintError(NOTHING, f"no bars in {paths.store}; run tapewatch fetch, or import bars")
    now = wall()
    try:
        return check(claim, config.instruments, bars, now.date(), now=now)
    except (WhenError, ClaimError) as problem:
        raise ComplaintError(USAGE, str(problem)) from None
    except UnknownSymbolError as problem:
        raise ComplaintError(USAGE, _unknown_symbol(str(problem), config)) from None
    except UnknownFormError as problem:
        raise ComplaintError(USAGE, _unknown_form(problem.nearest)) from None


def code_of(answer: "Answer") -> int:
    """0 answered, 3 with a leg or sessions missing or beyond prices, 4 where there was nothing to look at."""
    from .cli import NOTHING, OK, PARTIAL

    bare = answer.verdict == "unknown" and not any(part.readings for part in answer.parts)
    if bare and (len(answer.symbols) == 1 or not answer.sources):
        return NOTHING
    return PARTIAL if answer.missing or answer.verdict == "unknown" else OK


def _unknown_symbol(word: str, config: "Config") -> str:
    from .core.universe import nearest

    near = ", ".join(nearest(word, config.instruments))
    return f"unknown symbol {word.upper()!r}" + (f"; nearest: {near}" if near else "")


def _unknown_form(examples: tuple[str, ...]) -> str:
    lines = "\n".join(f"  {example}" for example in examples[:LISTED])
    return f"no claim of a known form; known are, the nearest first ({LISTED} of {len(examples)}):\n{lines}"
