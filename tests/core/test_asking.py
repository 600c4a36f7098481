"""What a trader asks of a study, made into a rule's setting: names, thresholds and their bounds."""

import re

import msgspec
import pytest

from tapewatch.core.flags import rules
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.studying import StudyError, asked_for, rule_named
from tapewatch.core.universe import default_config

CONFIG = msgspec.structs.replace(
    default_config(),
    rules=(
        RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI")),
        RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^DJI"), set={"mirror": True}),
        RuleSetting(rule="weekly-lag", watched="^RUT", against=("^GSPC",)),
    ),
)


def asked(name: str, *chosen: str, watched: str | None = None, against: tuple[str, ...] | None = None) -> RuleSetting:
    return asked_for(CONFIG, name, watched, against, chosen)


def test_a_rule_goes_by_name_or_number() -> None:
    assert rule_named("d1") is rule_named("Same-Day-Direction") is rules()["same-day-direction"]
    assert rule_named("D7").name == "record-reversal"
    with pytest.raises(StudyError, match=r"unknown rule 'weekly-lead' \(nearest: weekly-lag\).*D1"):
        rule_named("weekly-lead")


def test_the_settings_rule_is_the_default_and_what_is_typed_goes_over_it() -> None:
    assert asked("D1") == CONFIG.rules[0]
    assert asked("D1", "reference=0.75").set == {"reference": 0.75}
    assert asked("D1", "mirror=TRUE").set == {"mirror": True}
    assert asked("D4", watched="^IXIC").against == ("^GSPC",)
    assert asked("D4", watched="^GSPC").against == ("^RUT",)
    assert asked("D7", "basis=year high", watched="^HSI").set == {"basis": "year high"}
    own = RuleSetting(rule="weekly-lag", watched="^NDX", against=("^DJI",), set={"percentile": 5.0})
    config = msgspec.structs.replace(CONFIG, rules=(own,))
    assert asked_for(config, "D4", None, None) == own
    assert asked_for(config, "D1", None, None) == RuleSetting(
        rule="same-day-direction", watched="^RUT", against=("^GSPC",)
    )


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("refernce=0.5", r"nearest: reference"),
        ("reference=much", "expected a number from 0 to 100"),
        ("reference=-5", "expected a number from 0 to 100"),
        ("reference=1e9", "expected a number from 0 to 100"),
        ("mirror=1", "expected true or false"),
        ("reference", "write it like depth=10"),
        ("reference=nan", "finite"),
        ("reference=inf", "finite"),
    ],
)
def test_a_threshold_that_is_none_is_said(chosen: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        asked("D1", chosen)


@pytest.mark.parametrize(
    ("name", "chosen", "said"),
    [
        ("D2", "sessions=60.5", "sessions = 60.5: expected a whole number from 20 to 2520"),
        ("D4", "percentile=200", "percentile = 200: expected a number from 0 to 50"),
        ("D7", "within=2.5", "within = 2.5: expected a whole number from 0 to 252"),
        ("D8", "level=user", "price = 0: expected the price of the level"),
        ("D8", "drought=-1", "drought = -1: expected a whole number of 0 or more"),
        ("D10", "least=61", "most = 60: expected at least as many sessions as least, 61"),
        ("D12", "z=3", "z = 3: expected a number from −20 to 0"),
    ],
)
def test_a_threshold_that_no_session_could_meet_is_said(name: str, chosen: str, said: str) -> None:
    with pytest.raises(StudyError, match=re.escape(said)):
        asked(name, chosen)


def test_a_level_of_ones_own_has_its_price() -> None:
    assert asked("D8", "level=user", "price=2500").set == {"level": "user", "price": 2500.0}


def test_every_number_among_the_thresholds_has_a_bound_that_its_default_keeps() -> None:
    for rule in rules().values():
        numbers = {name: one for name, one in rule.defaults.items() if not isinstance(one, bool | str)}
        assert set(rule.bounds) == set(numbers), rule.name
        for name, default in numbers.items():
            assert rule.bounds[name].holds(default), (rule.name, name)


@pytest.mark.parametrize(("watched", "against"), [("^TNX", ("^GSPC",)), ("^RUT", ("^TNX",))])
@pytest.mark.parametrize("name", ["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D9", "D12"])
def test_a_rule_of_percentages_takes_no_yield(name: str, watched: str, against: tuple[str, ...]) -> None:
    with pytest.raises(StudyError, match="measures in percent, and a yield moves in basis points"):
        asked(name, watched=watched, against=against)


@pytest.mark.parametrize("name", ["D8", "D10"])
def test_a_rule_of_levels_or_swings_takes_a_yield(name: str) -> None:
    assert asked(name, watched="^TNX").watched == "^TNX"


def test_nothing_is_held_against_itself() -> None:
    with pytest.raises(StudyError, match="against itself"):
        asked("D1", watched="^GSPC", against=("^GSPC",))
