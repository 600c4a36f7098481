"""Choices: each step from one to the next."""

from msgspec.structs import replace

from tapewatch.tui import choices as steps
from tapewatch.tui.choices import Choices, Sort
from tapewatch.tui.orders import Orders, pinned
from tests import builders

KEYS = ("a", "b", "c")


def test_selection_stops_at_both_ends() -> None:
    now = Choices(selected="b")
    assert steps.select(now, "quotes", KEYS, 1).selected == "c"
    assert steps.select(now, "quotes", KEYS, 10).selected == "c"
    assert steps.select(now, "quotes", KEYS, -10).selected == "a"
    assert steps.select(Choices(), "quotes", KEYS, 1).selected == "a"
    assert steps.select(now, "quotes", (), 1) == now


def test_sort_goes_through_the_columns_and_back_to_the_users_order() -> None:
    now = Choices()
    seen: list[Sort | None] = []
    for _ in range(3):
        now = steps.sort_by(now, "quotes", ("last", "percent"))
        seen.append(now.sort("quotes"))
    assert seen == [Sort("last"), Sort("percent"), None]


def test_reversing_leaves_the_users_order_alone() -> None:
    assert steps.reverse_sort(Choices(), "quotes").sort("quotes") is None
    sorted_ = steps.sort_by(Choices(), "quotes", ("last",))
    assert steps.reverse_sort(sorted_, "quotes").sort("quotes") == Sort("last", reverse=True)


def test_the_filter_goes_through_the_groups_then_flagged_then_none() -> None:
    snapshot = builders.overview()
    now = Choices()
    seen: list[str | None] = []
    for _ in range(7):
        now = steps.filter_next(now, snapshot, "quotes")
        seen.append(now.group)
    assert seen == ["us", "abroad", "proxies", "futures", "macro", "flagged", None]


def test_in_flags_the_filter_goes_through_the_rules() -> None:
    snapshot = builders.overview()
    now = Choices()
    seen: list[str | None] = []
    for _ in range(4):
        now = steps.filter_next(now, snapshot, "flags")
        seen.append(now.rule)
    assert seen == ["same-day-direction", "record-reversal", "failed-breakout", None]


def test_back_undoes_one_thing_at_a_time_and_never_leaves() -> None:
    now = Choices(screen="weekly", page="help", find="ru", zoomed=True, group="us")
    seen: list[tuple[object, ...]] = []
    for _ in range(6):
        now = steps.back(now)
        seen.append((now.page, now.find, now.zoomed, now.group, now.screen))
    assert seen[0] == ("", "ru", True, "us", "weekly")
    assert seen[1] == ("", "", True, "us", "weekly")
    assert seen[2] == ("", "", False, "us", "weekly")
    assert seen[3] == ("", "", False, None, "weekly")
    assert seen[4] == ("", "", False, None, "overview")
    assert seen[5] == seen[4]


def test_typing_finds_and_escape_restores() -> None:
    now = Choices(finding=True)
    for key, character in (("r", "r"), ("x", "x"), ("backspace", None), ("u", "u")):
        step = steps.typed(now, key, character)
        assert step is not None
        now = step
    assert now.find == "ru"
    assert steps.typed(now, "enter", None) == replace(now, finding=False)
    assert steps.typed(now, "escape", None) == Choices()
    assert steps.typed(now, "down", None) is None


def test_definitions_go_round() -> None:
    now = Choices()
    seen: list[str | None] = []
    for _ in range(3):
        now = steps.step(now, "week_basis")
        seen.append(now.week_basis)
    assert seen == ["O>C", "1stC>C", "w/w"]
    assert steps.step(Choices(), "record_basis").record_basis == "close"


def test_a_live_order_settles_seldom_never_under_a_hand_and_not_for_the_selected_row() -> None:
    now = Choices(selected="a", sorts=(("quotes", Sort("last")),))
    orders = Orders()

    def renewed(keys: tuple[str, ...], at: float, last_key: float) -> tuple[str, ...]:
        return orders.renew(now, lambda _: keys, at, last_key)["quotes"]

    assert renewed(("a", "b", "c"), 0.0, 0.0) == ("a", "b", "c")
    assert renewed(("c", "b", "a"), 9.0, 0.0) == ("a", "b", "c")
    assert renewed(("c", "b", "a"), 12.0, 8.0) == ("a", "b", "c")
    assert renewed(("c", "b", "a"), 14.0, 8.0) == ("a", "c", "b")
    assert renewed(("c", "b"), 15.0, 8.0) == ("c", "b")
    assert pinned(("x", "y"), (), "x") == ("x", "y")
