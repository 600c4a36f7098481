"""Keys: every command has one, every one can be changed, and a wrong one is named."""

from pathlib import Path

import pytest

from tapewatch.tui.commands import COMMANDS, SECTIONS, bind, by_name, in_force, key_name, shown
from tests.tui.stage import builders, stage


@pytest.mark.parametrize("replaying", [False, True])
def test_no_key_does_two_things(replaying: bool) -> None:
    bound, problems = bind({})
    keys = [key for one in in_force(bound, replaying=replaying) for key in one.keys]
    assert len(keys) == len(set(keys))
    assert problems == ()


def test_a_replay_has_the_arrows_and_the_letters_stay() -> None:
    bound, _ = bind({})
    live, past = (by_name(in_force(bound, replaying=one)) for one in (False, True))
    assert live["next-figure"].keys == ("l", "right")
    assert "play" not in live
    assert past["next-figure"].keys == ("l",)
    assert past["session-on"].keys == ("right",)


def test_every_command_can_be_explained() -> None:
    assert all(one.help and one.section in SECTIONS for one in COMMANDS)
    assert len({one.name for one in COMMANDS}) == len(COMMANDS)


def test_a_key_is_rebound() -> None:
    bound, problems = bind({"pause": "x", "refresh": "F5, ctrl+r"})
    named = by_name(bound)
    assert problems == ()
    assert named["pause"].keys == ("x",)
    assert named["refresh"].all_keys == "F5 Ctrl+R"


def test_a_chosen_key_is_taken_from_another_commands_default() -> None:
    bound, problems = bind({"pause": "j"})
    named = by_name(bound)
    assert problems == ()
    assert named["pause"].keys == ("j",)
    assert named["down"].keys == ("down",)


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("pasue", "x", "nearest: pause"),
        ("pause", "hyper+q", "a key such as"),
        ("pause", "", "a key such as"),
    ],
)
def test_what_is_no_command_or_no_key_is_named_and_the_default_stands(name: str, key: str, expected: str) -> None:
    bound, problems = bind({name: key}, "config.toml")
    assert len(problems) == 1
    assert expected in str(problems[0])
    assert problems[0].file == "config.toml"
    assert by_name(bound)["pause"].keys == ("p",)


def test_two_commands_cannot_have_one_key() -> None:
    bound, problems = bind({"pause": "x", "refresh": "x"})
    assert "a key that pause does not have" in str(problems[0])
    assert by_name(bound)["refresh"].keys == ("r",)


def test_taking_the_key_of_quit_is_said() -> None:
    _, problems = bind({"pause": "q, ctrl+c"})
    assert [problem.key for problem in problems] == ["keys.quit"]


@pytest.mark.parametrize(
    ("written", "name", "shows"),
    [("?", "question_mark", "?"), ("/", "slash", "/"), (",", "comma", ","), ("Ctrl+P", "ctrl+p", "Ctrl+P"),
     ("G", "G", "G"), ("esc", "escape", "Esc"), ("F5", "f5", "F5"), ("space", "space", "Space")],
)  # fmt: skip
def test_keys_are_written_as_people_write_them(written: str, name: str, shows: str) -> None:
    assert key_name(written) == name
    assert shown(name).casefold() == shows.casefold()


def test_ctrl_c_ends_it_whatever_key_quits_unless_it_was_given_away() -> None:
    def keys(chosen: dict[str, str], name: str) -> tuple[str, ...]:
        bound, _ = bind(chosen)
        return by_name(bound)[name].keys

    assert keys({}, "quit") == ("q", "ctrl+c")
    assert keys({"quit": "Q"}, "quit") == ("Q", "ctrl+c")
    assert keys({"quit": "ctrl+c"}, "quit") == ("ctrl+c",)
    assert keys({"help": "ctrl+c"}, "quit") == ("q",)


async def test_the_palette_opens_on_screens_and_not_on_the_keys_of_the_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = stage(tmp_path, builders.overview())
    offered: list[str] = []

    def offer(found: list[tuple[str, object, str]]) -> None:
        offered.extend(title for title, _, _ in found)

    monkeypatch.setattr(seen.monitor, "search_commands", offer)
    async with seen.monitor.run_test():
        seen.monitor.action_palette()
    assert offered[:3] == ["Overview", "Quotes", "Weekly ranges"]
    assert offered.index("Settings, to change") < offered.index("Row down")
