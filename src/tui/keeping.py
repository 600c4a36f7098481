"""Keeping the picture of a monitor that ends, for the next one to show while it starts."""

import contextlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..core.channel import ChannelError, make_private, write_atomically
from ..core.model.snapshot import Snapshot
from ..core.paths import Paths
from . import last_frame
from .choices import Choices
from .format import clock, in_zone, zone_name
from .look import exchange_zone
from .pens import pen_of
from .sender import Sender
from .wire import Cell

HEAD, FOOT = 1, 2
"""Rows at the top and the bottom that tell of ages, countdowns and troubles: they would not be true any more."""


KEPT = ("overview", "quotes", "weekly", "record", "flags", "recap", "confirmation")
"""Screens whose words stay true: on the others stand ages, countdowns, or a chart that may still be asked for."""


def keep(snapshot: Snapshot | None, choices: Choices, sender: Sender, paths: Paths, zone: str = "exchange") -> None:
    """Leave the last frame, or take away an older one where this picture is none to begin with."""
    file = Path(last_frame.file_of(str(paths.store)))
    picture = sender.picture()
    over = (choices.page, choices.proof, choices.paused, choices.finding, choices.exporting, choices.opened)
    covered = any(over) or choices.screen not in KEPT
    encoding = (sys.__stdout__.encoding if sys.__stdout__ else "").lower().replace("-", "")
    with contextlib.suppress(OSError, ChannelError):
        if snapshot is None or snapshot.mode != "live" or not picture or covered or encoding != "utf8":
            file.unlink(missing_ok=True)
            return
        make_private(file.parent)
        write_atomically(file, written(snapshot, picture, zone).encode())


def written(snapshot: Snapshot, picture: Sequence[Sequence[Cell]], zone: str = "exchange") -> str:
    """The file: what it is, for which terminal, whose moment, the rows of the body."""
    key = last_frame.key_of(len(picture[0]), len(picture))
    body = picture[HEAD : len(picture) - FOOT]
    rest = "\n".join((key, _pen(body), label(snapshot, zone), *map(_row, body)))
    return f"{last_frame.begin(rest)}\n{rest}"


def label(snapshot: Snapshot, zone: str = "exchange") -> str:
    """What the picture is and of when: the newest price in it, in the zone that times are shown in."""
    zone = exchange_zone(snapshot) if zone == "exchange" else zone
    if snapshot.as_of is None:
        return " LAST FRAME · starting"
    day = in_zone(snapshot.as_of, zone)
    return (
        f" LAST FRAME · prices to {day:%a} {day.day} {day:%b %Y} {clock(day, zone)} {zone_name(day, zone)} · starting"
    )


def _row(row: Sequence[Cell]) -> str:
    return "".join(text for text, _ in row).rstrip(" ")


def _pen(body: Sequence[Sequence[Cell]]) -> str:
    """The one pen it is shown in: ink and ground of most signs; old things have one colour, and colours cost bytes."""
    pens = Counter(pen for row in body for text, pen in row if text.strip())
    usual = next((pen for pen, _ in pens.most_common(1)), "")
    pen = pen_of(usual)
    return ";".join(one for one in (pen.fore, pen.back) if one)
