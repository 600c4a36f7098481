"""The laboratory's page says what was measured and refuses to be a proof where something was lost."""

from pathlib import Path

import pytest

from . import ledger, table


def fault(number: int) -> dict[str, object]:
    made: dict[str, object] = {"kind": "fault", "name": f"fault {number:02}", "said": "slowed down (429)"}
    return made | {"exit_code": 3, "requests": 2, "lost": 0, "false_fresh": 0, "recovery_seconds": 60.0}


def notes(**more: int) -> list[dict[str, object]]:
    faults = [fault(number) for number in range(table.LEAST["scenarios"])]
    kill: dict[str, object] = {"kind": "kill", "name": "feed", "count": table.LEAST["kills"], "lost": 0}
    return [*faults, kill | more]


def test_enough_scenarios_and_kills_without_a_loss_are_a_proof() -> None:
    assert table.shortfalls(notes()) == []
    assert "| 40 | scenarios |" in table.page(notes())
    assert "| fault 07 | slowed down (429) | 3 | 2 | 0 | 0 | 60 |" in table.page(notes())


@pytest.mark.parametrize("figure", ["lost", "unreadable", "false_fresh"])
def test_one_loss_is_no_proof(figure: str) -> None:
    assert len(table.shortfalls(notes(**{figure: 1}))) == 1


def test_too_few_are_no_proof() -> None:
    assert table.shortfalls(notes()[1:]) == ["scenarios: 39, at least 40 are wanted"]


def test_a_figure_that_was_not_measured_is_a_dash_not_a_nought() -> None:
    assert "| quiet | – | – | – | – | – | – |" in table.page([{"kind": "fault", "name": "quiet"}])


def test_notes_come_back_as_they_were_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ledger"
    monkeypatch.delenv(ledger.VARIABLE, raising=False)
    ledger.note("kill", "nobody reads this")
    assert not file.exists()
    monkeypatch.setenv(ledger.VARIABLE, str(file))
    ledger.note("kill", "feed", count=3, said="a | b")
    assert ledger.read(file) == [{"kind": "kill", "name": "feed", "count": 3, "said": "a | b"}]
    assert "a \\| b" in table.page([{"kind": "fault", "name": "x", "said": "a | b"}])
