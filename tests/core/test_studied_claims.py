"""What the articles claim of a rule, held against its study on real bars."""

import pytest

from tapewatch.core.bars import Bars
from tapewatch.core.conditions import condition
from tapewatch.core.model.study import Study
from tapewatch.core.studying import asked_for, study
from tapewatch.core.universe import INSTRUMENTS, default_config

Real = dict[str, Bars]


def studied(bars: Real, rule: str, *chosen: str, outcome: str = "watched", given: str | None = None) -> Study:
    condition_met = condition(given, INSTRUMENTS) if given else None
    setting = asked_for(default_config(), rule, "^RUT", ("^GSPC",), chosen)
    found = study(setting, bars, outcome=outcome, given=condition_met)
    assert found is not None
    return found


@pytest.mark.parametrize(("chosen", "days"), [(("basis=z",), 273), (("sides=both",), 512)])
def test_days_of_an_unusual_spread(real: Real, chosen: tuple[str, ...], days: int) -> None:
    assert studied(real, "D2", *chosen).days == days


def test_small_cap_leadership_does_not_precede_a_strong_large_cap_index(real: Real) -> None:
    """003: the turn to leadership, and what the S&P 500 did next."""
    found = studied(real, "D6", "mirror=true", outcome="reference")
    assert len(found.episodes) >= 50
    assert found.conclusion.startswith("not distinguishable from chance")
    low, high = found.horizons["20"].interval or (1.0, 1.0)
    assert low < 0 < high
    # the S&P's own yardstick, not the Russell's
    own = studied(real, "D6", "mirror=true").horizons["20"].all_days
    assert found.horizons["20"].all_days.hit_percent != own.hit_percent


def test_regional_banks_split_the_days_of_a_rule_and_decide_nothing(real: Real) -> None:
    strong = studied(real, "D1", given="KRE above sma50")
    weak = studied(real, "D1", given="KRE below sma50")
    assert strong.days_without == weak.days
    assert min(len(strong.episodes), len(weak.episodes)) >= 10
    for one in (strong, weak):
        low, high = one.horizons["20"].interval or (1.0, 1.0)
        assert low < 0 < high
