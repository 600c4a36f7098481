"""Flags: what a trader sees of a rule that holds, held or cannot be judged."""

from datetime import date, datetime, timedelta

import msgspec

from .reading import Aware

DWELL = timedelta(minutes=15)
"""How long a rule must hold before its flag is provisional."""


class FlagHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule did before: counts, and what the watched instrument did next.

    `days` on which the rule held, in `episodes` (runs at least 20 sessions apart), since `since`;
    `share_of_days` is 0-1. Medians are percent (`unit`; basis points of a yield) over the next 5 and 20 sessions
    after an episode's first close, beside the same over all days; under ten episodes they are None and
    `first_days` are given.
    `interval_*` are the 95 % intervals of the mean of all flagged days minus that of all days, in points;
    `conclusion` says whether any of them leaves zero out. Of `survival_cases` sessions on which the flag was
    provisional, `survival_percent` ended confirmed.
    """

    days: int
    episodes: int
    since: date
    share_of_days: float
    first_days: tuple[date, ...] = ()
    median_5: float | None = None
    median_20: float | None = None
    all_days_5: float | None = None
    all_days_20: float | None = None
    interval_20: tuple[float, float] | None = None
    interval_5: tuple[float, float] | None = None
    conclusion: str | None = None
    survival_percent: float | None = None
    survival_cases: int = 0
    unit: str = "percent"


class Flag(Aware, frozen=True, kw_only=True):
    """A rule on one watched instrument and the references that must all hold.

    `state` is forming, provisional, confirmed, faded or unknown; `severity` info, watch, notable or
    rare. `percentile` ranks the magnitude among the `percentile_window` sessions (weeks) before;
    `one_in_days` is how rare that is; above them all it is None, and `largest_since` the last session before that
    was as large, or the first of the history. `measures` hold the numbers of the `sentence` at full precision.
    `brief` is the sentence cut to its figures for narrow screens, `title` the rule's name on the card.
    `continues` is the first session of the run this flag goes on with, None for a new one. `recent` are the
    last values of what it measures at the closes, oldest first.
    """

    id: str
    rule: str
    watched: str
    against: tuple[str, ...]
    state: str
    severity: str
    first_seen: datetime
    last_seen: datetime
    session: date
    sentence: str
    brief: str = ""
    title: str = ""
    clears_when: str = ""
    basis: str = ""
    percentile: float | None = None
    percentile_window: int | None = None
    one_in_days: float | None = None
    measures: dict[str, float | None] = msgspec.field(default_factory=dict[str, float | None])
    history: FlagHistory | None = None
    continues: date | None = None
    recent: tuple[float, ...] = ()
    largest_since: date | None = None

    @property
    def called(self) -> str:
        """``spread-shock``, ``spread-shock (mirror)``: the rule, with the settings that tell it from its like."""
        settings = [one for one in self.id.split(":")[2:] if "=" in one and one != "+".join(self.against)]
        named = ", ".join("mirror" if one == "mirror=True" else one for one in settings)
        return f"{self.rule} ({named})" if named else self.rule


class Event(Aware, frozen=True, kw_only=True):
    """One line of the journal: a flag changed state at `time` (the data's own)."""

    time: datetime
    session: date
    flag: str
    rule: str
    watched: str
    against: tuple[str, ...]
    state: str
    sentence: str
    source: str = "live"
    title: str = ""
