"""The command `check`: a claim in words to an answer on paper and an exit code."""

import argparse
import sys

from .cli import NOTHING, OK, PARTIAL, USAGE, ComplaintError, places, say, warned
from .core.claims.check import check, forms
from .core.claims.grammar import UnknownFormError, UnknownSymbolError
from .core.claims.when import WhenError
from .core.clock import wall
from .core.model.claim import Answer
from .core.model.config import Config
from .core.oneshot import stored_bars
from .core.universe import nearest
from .tui.claim_report import printed_answer

LISTED = 12
"""Known forms named to somebody whose claim has none of them."""


def check_claim(chosen: argparse.Namespace) -> int:
    """Answer the claim, say aside what was assumed or missing."""
    paths = places(chosen)
    config = warned(chosen, paths)
    claim = " ".join(chosen.claim)
    bars = stored_bars(paths)
    if not bars:
        raise ComplaintError(NOTHING, f"no bars in {paths.store}; run tapewatch fetch, or import bars")
    try:
        answer = check(claim, config.instruments, bars, wall().date())
    except WhenError as problem:
        raise ComplaintError(USAGE, str(problem)) from None
    except UnknownSymbolError as problem:
        raise ComplaintError(USAGE, _unknown_symbol(str(problem), config)) from None
    except UnknownFormError as problem:
        raise ComplaintError(USAGE, _unknown_form(problem)) from None
    for moved in answer.moved:
        say(moved, OK)
    sys.stdout.write(printed_answer(answer, chosen.form or "text"))
    return code_of(answer)


def code_of(answer: Answer) -> int:
    """0 answered, 3 with a leg or sessions missing or beyond prices, 4 where there was nothing to look at."""
    bare = answer.verdict == "unknown" and not any(part.readings for part in answer.parts)
    if bare and (len(answer.symbols) == 1 or not answer.sources):
        return NOTHING
    return PARTIAL if answer.missing or answer.verdict == "unknown" else OK


def _unknown_symbol(word: str, config: Config) -> str:
    near = ", ".join(nearest(word, config.instruments))
    return f"unknown symbol {word.upper()!r}" + (f"; nearest: {near}" if near else "")


def _unknown_form(problem: UnknownFormError) -> str:
    lines = "\n".join(f"  {example}" for example in problem.nearest[:LISTED])
    return f"no claim of a known form; known are, the nearest first ({len(forms())} in all):\n{lines}"
