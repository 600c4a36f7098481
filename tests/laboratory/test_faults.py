"""Each fault as a trader lives through it: what is said, what is kept, how it ends."""

from datetime import timedelta
from pathlib import Path

import pytest

from ..end_to_end.terminal import Terminal
from . import ledger
from .scenario import Scenario, all_scenarios
from .stage import Stage, answered, fetched, line_with, screen, staged
from .world import FAULT, minutes

SCENARIOS = all_scenarios()
CASES = [
    pytest.param(one, id=one.name.replace(" ", "-"), marks=() if one.quick else (pytest.mark.long,))
    for one in SCENARIOS
]  # fmt: skip


def test_there_are_at_least_sixty_faults_and_each_has_a_name_of_its_own() -> None:
    assert len({one.name for one in SCENARIOS}) == len(SCENARIOS) >= 60


@pytest.mark.parametrize("scenario", CASES)
def test_a_fault_is_named_and_nothing_is_shown_fresher_or_lost(scenario: Scenario, tmp_path: Path) -> None:
    with staged(scenario, tmp_path) as stage:
        stage.until(FAULT)
        assert stage.is_well(stage.desk.snapshot)
        stage.remember()
        sent = _suffer(stage, scenario)
        with screen(stage) as terminal:
            for words in scenario.said:
                terminal.until(words, 60.0)
            said = line_with(terminal, scenario.said[0])
            code = _look(stage, scenario)
            seconds = _recover(stage, scenario)
            _gone(terminal, scenario)
        lost = stage.lost()
        ledger.note(
            "fault", scenario.name, said=said, exit_code=code, requests=sent, lost=lost,
            false_fresh=len(stage.oracle.lies), recovery_seconds=seconds,
        )  # fmt: skip
        assert stage.oracle.lies == []
        assert stage.oracle.looked > 5
        assert (lost, stage.damaged()) == (0, [])


def _suffer(stage: Stage, scenario: Scenario) -> int:
    """Let it go wrong for its time; the requests that arrived."""
    before = stage.service.count()
    scenario.spoil(stage.service)
    stage.until(FAULT + minutes(scenario.minutes))
    sent = stage.service.count() - before
    assert sent <= scenario.most
    assert stage.service.strangers == []
    return sent


def _look(stage: Stage, scenario: Scenario) -> int:
    """What scripts are told while it is wrong; the exit code of ``snapshot``."""
    code, told = answered(stage)
    assert code == scenario.code
    for row in told["instruments"]:
        assert row["freshness"] in scenario.allowed(row["symbol"]), row["symbol"]
    error, held = told["health"]["error"], stage.held
    assert (scenario.error or "") in (error or "")
    assert (error is None) is (scenario.error is None)
    if scenario.held is not None:
        assert any(line.startswith(scenario.held) for line in held), held
    if scenario.fetch is not None:
        assert fetched(stage)[0] == scenario.fetch
    return code


def _gone(terminal: Terminal, scenario: Scenario) -> None:
    """The screen beside it has taken the end of the fault up by itself."""
    cause = scenario.error
    if cause is not None:
        terminal.read(60.0, lambda: cause not in terminal.text())
        assert cause not in terminal.text()


def _recover(stage: Stage, scenario: Scenario) -> float:
    """Heal the service; the market's seconds until all is well again."""
    stage.service.heal()
    ended = stage.desk.clock.now()
    stage.until(ended + timedelta(seconds=scenario.recovers), stage.is_well)
    assert stage.is_well(stage.desk.snapshot), stage.desk.snapshot.health
    return (stage.desk.clock.now() - ended).total_seconds()
