"""One configured rule on its instruments: judged on final bars once a day, on 5-minute bars live."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property

import msgspec
import numpy as np

from ..bars import Bar, Bars, as_date
from ..model.config import RuleSetting
from ..model.flag import Flag, FlagHistory
from .aligned import Aligned, align, with_bars
from .history import Historian, history_of
from .lifecycle import Life
from .rule import Judged, Names, Rule, Telling, Wording
from .severity import grade


@dataclass(frozen=True, eq=False)
class Watch:
    """A rule over the final history of its legs. `judged` covers every common final session.

    `historian` gives what the rule did before: counts alone, unless a book of studies is handed in.
    """

    setting: RuleSetting
    rule: Rule
    aligned: Aligned
    judged: Judged
    historian: Historian = history_of

    @classmethod
    def over(
        cls,
        setting: RuleSetting,
        rule: Rule,
        bars: Mapping[str, Bars],
        *,
        last_is_week_end: bool,
        historian: Historian = history_of,
        yields: Collection[str] = (),
    ) -> "Watch":
        """Judge a rule on final history; every leg must be in `bars` (empty ones count as no history).

        `yields` are the symbols whose prices are percent a year.
        """
        legs = [(symbol, bars.get(symbol, Bars.empty())) for symbol in legs_of(setting)]
        aligned = align(legs, last_is_week_end=last_is_week_end, yields=yields)
        judged = rule.judge(aligned, rule.parameters(setting.set))
        return cls(setting, rule, aligned, judged, historian)

    @cached_property
    def history(self) -> FlagHistory | None:
        """What the rule did before, None without a session; made when it is first asked for: few flags are shown."""
        return self.historian(self.setting, self.rule, self.aligned, self.judged)

    @cached_property
    def share_of_days(self) -> float | None:
        """The share of all sessions on which the rule held at the close, 0-1; None without a session."""
        return float(np.mean(self.judged.on())) if len(self.aligned) else None

    @property
    def last_session(self) -> date | None:
        """The newest session that is final on every leg."""
        return self.aligned.days[-1].astype(object) if len(self.aligned) else None

    def live(self, bars: Sequence[Bar], *, is_week_end: bool) -> "tuple[Aligned, Judged]":
        """The rule with one more session, in the order of the legs; the last verdict is that session's."""
        aligned = with_bars(self.aligned, list(bars), last_is_week_end=is_week_end)
        return aligned, self.rule.judge(aligned, self.rule.parameters(self.setting.set))


class Histories(Mapping[str, FlagHistory]):
    """What the watched rules did before, by flag id; each is made when it is looked up."""

    def __init__(self, watches: Mapping[str, Watch]) -> None:
        self._watches = watches

    def __getitem__(self, name: str) -> FlagHistory:
        found = self._watches[name].history
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, watch in self._watches.items() if watch.share_of_days is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def legs_of(setting: RuleSetting) -> tuple[str, ...]:
    """The watched symbol and its references."""
    return (setting.watched, *setting.against)


@dataclass(frozen=True)
class Standing:
    """What a flag says at one moment: its words, numbers and rank."""

    wording: Wording
    measures: dict[str, float | None]
    severity: str
    percentile: float | None
    window: int | None
    one_in: float | None
    largest_since: date | None = None


def stand(watch: Watch, judged: Judged, index: int, names: Names, *, final: bool) -> Standing:
    """Words and rank of one verdict."""
    setting, rule = watch.setting, watch.rule
    measures = judged.at(index)
    graded = grade(judged, index, watch.share_of_days or 0.0)
    telling = Telling(measures, rule.parameters(setting.set), setting.watched, setting.against, names, final)
    return Standing(
        wording=rule.tell(telling),
        measures=measures,
        severity=graded.word,
        percentile=graded.percentile,
        window=graded.window,
        one_in=graded.one_in,
        largest_since=None if graded.larger is None else as_date(watch.aligned.days[graded.larger]),
    )


def flag_of(watch: Watch, life: Life, standing: Standing | None, now: datetime, zone: tzinfo) -> Flag | None:
    """The flag a trader sees, its times in the exchange's zone, without its history; None while the rule is off."""
    if life.state == "off" or life.session is None or life.first_seen is None:
        return None
    plain = Flag(
        id=watch.setting.id,
        rule=watch.rule.name,
        watched=watch.setting.watched,
        against=watch.setting.against,
        state=life.state,
        severity="info",
        first_seen=life.first_seen.astimezone(zone),
        last_seen=(life.last_seen or now).astimezone(zone),
        session=life.session,
        sentence=life.reason or "cannot be judged",
        brief=life.reason or "",
        title=watch.rule.called(watch.setting.set),
        basis=watch.rule.basis,
    )
    if life.state == "unknown" or standing is None:
        return plain
    return msgspec.structs.replace(
        plain,
        severity=standing.severity,
        sentence=standing.wording.sentence,
        brief=standing.wording.brief,
        clears_when=standing.wording.clears_when,
        percentile=standing.percentile,
        percentile_window=standing.window,
        one_in_days=standing.one_in,
        largest_since=standing.largest_since,
        measures=standing.measures,
    )
