"""A week of sessions in minutes, with faults, kills, sleeps and a screen; or real processes overnight.

    python benchmarks/soak.py [--weeks N] [--seed N] [--json FILE]
    python benchmarks/soak.py --real [--hours N] [--csv FILE]

What happens when is drawn from a seed and printed with it. Figures, not verdicts of time: the exit code is 1 only where
something was lost, shown fresher than it was, or left inconsistent. See tests/laboratory/soak.py and overnight.py.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.laboratory import overnight
from tests.laboratory.ledger import note
from tests.laboratory.soak import soak
from tests.laboratory.soaked import Found, slope

WARM_UP = timedelta(days=1)
SHOWN = 20
"""Sentences of what was wrong that are printed."""


def main() -> int:
    """Soak, print, judge."""
    parser = argparse.ArgumentParser(prog="benchmarks/soak.py", description="weeks of sessions, with faults")
    parser.add_argument("--weeks", type=float, default=1.0, help="simulated weeks (default %(default)g)")
    parser.add_argument("--seed", type=int, default=7, help="what happens when (default %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    parser.add_argument("--real", action="store_true", help="real processes in real time, until Ctrl+C")
    parser.add_argument("--hours", type=float, default=1e4, help="with --real: end after so long")
    parser.add_argument("--csv", type=Path, default=Path("soak.csv"), help="with --real: a line a minute (%(default)s)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        if chosen.real:
            return overnight.watch(Path(folder), chosen.csv, chosen.hours, chosen.seed)
        begun = time.monotonic()
        found = soak(Path(folder), 168 * chosen.weeks, chosen.seed)
    made = figures(found, chosen.seed) | {"real_minutes": round((time.monotonic() - begun) / 60, 1)}
    print_table(made)
    for sentence in found.wrong[:SHOWN]:
        print(f"  {sentence}")
    if chosen.json:
        chosen.json.write_text(json.dumps(made | {"wrong": found.wrong}, indent=2) + "\n")
    note("soak", f"a soak of {found.hours:.0f} h, seed {chosen.seed}", **made)
    return 1 if found.wrong else 0


def figures(found: Found, seed: int) -> dict[str, object]:
    """What the table shows, by name."""
    settled = found.settled(min(WARM_UP, (found.ended - found.began) / 3))
    first, last = (settled[0], settled[-1]) if settled else (None, None)

    def both(name: str) -> str | None:
        return f"{getattr(first, name):,.0f} to {getattr(last, name):,.0f}" if settled else None

    return {
        "seed": seed, "hours": found.hours, "steps": found.steps,
        "faults": len(found.faults), "kinds": len(Counter(found.faults)),
        "restarts": found.restarts, "kills": found.kills, "sleeps": found.sleeps,
        "requests": found.requests, "busiest_hour": found.busiest_hour, "budget": found.budget,
        "pictures": found.looked, "false_fresh": len(found.lies), "lost": len(found.lost),
        "events": found.events, "journal_faults": len(found.journal), "store_faults": len(found.store),
        "rss": both("rss"), "rss_slope": slope(settled), "objects_slope": slope(settled, "objects"),
        "handles": both("handles"), "threads": both("threads"),
        "screen_rss": both("screen_rss"), "screen_rss_slope": slope(settled, "screen_rss"),
        "screen_handles": both("screen_handles"),
    }  # fmt: skip


WORDS = {
    "hours": "hours simulated", "kinds": "kinds of faults", "restarts": "restarts in order", "kills": "kills",
    "sleeps": "times suspended", "busiest_hour": "most requests in an hour", "budget": "allowed in an hour",
    "pictures": "pictures judged by the oracle", "false_fresh": "false-fresh moments", "lost": "lost writes",
    "events": "lines of the journal", "journal_faults": "inconsistent ones", "store_faults": "faults of the store",
    "rss": "MiB of the feed's process", "rss_slope": "MiB more a simulated day",
    "objects_slope": "Python objects more a simulated day", "screen_rss": "MiB of the screen",
    "screen_rss_slope": "MiB more a simulated day, screen", "screen_handles": "handles of the screen",
    "real_minutes": "minutes it took",
}  # fmt: skip


def print_table(made: Mapping[str, object]) -> None:
    """A line a figure."""
    for name, value in made.items():
        shown = "-" if value is None else f"{value:,.2f}" if isinstance(value, float) else value
        print(f"{WORDS.get(name, name):40} {shown}")


if __name__ == "__main__":
    sys.exit(main())
