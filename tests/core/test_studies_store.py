"""Studies kept beside the bars: taken while bars and rule are the same, made again when they are not."""

import dataclasses
import sqlite3
from collections.abc import Generator
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.flags import rules
from tapewatch.core.flags.watch import Watch
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.model.study import Study
from tapewatch.core.store.schema import connect
from tapewatch.core.store.studies import load_studies, read_study, save_study
from tapewatch.core.studying import StudyBook, digest_of

from ..market import rows, walk

PAIR = RuleSetting(rule="same-day-direction", watched="^A", against=("^B",), set={"reference": 0.3})


@pytest.fixture
def database(tmp_path: Path) -> Generator[sqlite3.Connection]:
    found = connect(tmp_path / "tapewatch.db")
    yield found
    found.close()


def made(size: int = 600, last: Bar | None = None) -> dict[str, Bars]:
    found = {"^A": walk(1, size), "^B": walk(2, size)}
    if last is not None:
        found["^A"] = found["^A"].merged(Bars.of([last]))
    return found


def watch(bars: dict[str, Bars], setting: RuleSetting = PAIR) -> Watch:
    return Watch.over(setting, rules()[setting.rule], bars, last_is_week_end=True)


def of(book: StudyBook, one: Watch) -> Study | None:
    return book.study(one.setting, one.rule, one.aligned, one.judged)


def digest(one: Watch) -> str:
    return digest_of(one.setting, one.rule, one.aligned)


def kept(database: sqlite3.Connection) -> list[str]:
    return [key for (key,) in database.execute("SELECT key FROM studies ORDER BY key")]


def test_a_study_comes_back_as_it_was(database: sqlite3.Connection) -> None:
    one = watch(made())
    study = of(StudyBook(), one)
    assert study is not None
    assert study.days > 10
    save_study(database, PAIR.id, "x", study)
    assert read_study(database, PAIR.id, "x") == study
    assert read_study(database, PAIR.id, "y") is None


def test_another_feed_takes_it_from_the_store(database: sqlite3.Connection) -> None:
    one = watch(made())
    study = of(StudyBook(database), one)
    assert study is not None
    marked = msgspec.structs.replace(study, conclusion="from the store")
    save_study(database, PAIR.id, digest(one), marked)
    history = StudyBook(database).history(one.setting, one.rule, one.aligned, one.judged)
    assert history is not None
    assert history.conclusion == "from the store"


@pytest.mark.parametrize("what", ["a bar more", "a bar mended", "another threshold", "another version"])
def test_it_is_made_again_when_anything_it_stands_on_changes(what: str) -> None:
    bars = made()
    before = digest(watch(bars))
    assert digest(watch(made())) == before
    last = rows(bars["^A"])[-1]
    if what == "a bar more":
        after = watch({**bars, "^A": walk(1, 601)})
    elif what == "a bar mended":
        after = watch(made(last=Bar(last.day, last.open, last.high + 0.01, last.low, last.close)))
    elif what == "another threshold":
        after = watch(bars, msgspec.structs.replace(PAIR, set={"reference": 0.31}))
    else:
        plain = watch(bars)
        newer = dataclasses.replace(plain.rule, version=plain.rule.version + 1)
        after = Watch(plain.setting, newer, plain.aligned, plain.judged)
    assert digest(after) != before


def test_only_the_newest_of_a_rule_is_kept(database: sqlite3.Connection) -> None:
    other = msgspec.structs.replace(PAIR, set={"reference": 0.4})
    of(StudyBook(database), watch(made()))
    of(StudyBook(database), watch(made(), other))
    assert len(kept(database)) == 2
    newest = watch(made(620))
    of(StudyBook(database), newest)
    assert sorted(kept(database)) == sorted(
        [f"{PAIR.id}|{digest(newest)}", f"{other.id}|{digest(watch(made(), other))}"]
    )


def test_a_study_of_another_layout_is_made_again(database: sqlite3.Connection) -> None:
    one = watch(made())
    database.execute("INSERT INTO studies VALUES (?, ?)", (f"{PAIR.id}|{digest(one)}", b'{"rule": 7}'))
    assert of(StudyBook(database), one) == of(StudyBook(), one)


def test_a_book_asked_for_the_same_verdicts_gives_the_same_answer_and_for_new_ones_a_new_one() -> None:
    book, one = StudyBook(), watch(made())
    first = book.history(one.setting, one.rule, one.aligned, one.judged)
    assert book.history(one.setting, one.rule, one.aligned, one.judged) is first
    longer = watch(made(700))
    second = book.history(longer.setting, longer.rule, longer.aligned, longer.judged)
    assert first is not None
    assert second is not None
    assert second.days > first.days
    assert first.interval_20 is not None


def test_a_book_can_be_a_watchs_historian_and_says_what_counting_says() -> None:
    counted = watch(made()).history
    full = Watch.over(PAIR, rules()[PAIR.rule], made(), last_is_week_end=True, historian=StudyBook().history).history
    assert counted is not None
    assert full is not None
    assert (counted.interval_20, counted.conclusion) == (None, None)
    assert full.interval_20 is not None
    assert full.conclusion
    bare = msgspec.structs.replace(full, interval_5=None, interval_20=None, conclusion=None)
    assert bare == counted


def test_a_reader_takes_what_the_feed_kept_and_makes_the_rest(
    database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = watch(made())
    first = of(StudyBook(database), one)
    held = load_studies(database)
    before = kept(database)

    def not_again(*_: object) -> None:
        pytest.fail("made again")

    monkeypatch.setattr("tapewatch.core.studying.study_of", not_again)
    assert of(StudyBook(kept=held), watch(made())) == first
    monkeypatch.undo()
    other = watch(made(590))
    assert of(StudyBook(kept=held), other) == of(StudyBook(), other)
    assert kept(database) == before


def test_a_study_of_another_version_is_made_again(database: sqlite3.Connection) -> None:
    one = watch(made())
    of(StudyBook(database), one)
    strange = dict.fromkeys(load_studies(database), b'{"rule": 1}')
    assert of(StudyBook(kept=strange), one) == of(StudyBook(), one)
