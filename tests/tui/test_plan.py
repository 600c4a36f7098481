"""Layouts: every pane inside the body, none over another, at every size."""

from itertools import combinations

import pytest

from tapewatch.tui.choices import SCREENS, Choices
from tapewatch.tui.screens.plan import CHROME, Place, Share, arrange, share, size_class
from tests.tui.stage import SIZES

ALL = (*SIZES, (118, 36), (119, 37), (130, 41), (190, 54), (250, 80), (80, 60), (117, 60), (200, 24))


def need(pane: str, cells: int) -> int:
    """Nineteen instruments, four cards, a long journal."""
    return {"quotes": 21, "weekly": 21, "record": 19, "board": 21, "flags": 24 if cells < 60 else 18}.get(pane, 40)


def cells_of(place: Place) -> set[tuple[int, int]]:
    return {(x, y) for x in range(place.x, place.x + place.cells) for y in range(place.y, place.y + place.lines)}


@pytest.mark.parametrize("size", ALL)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("zoomed", [False, True])
def test_panes_fill_the_body_and_never_overlap(size: tuple[int, int], screen: str, zoomed: bool) -> None:
    columns, rows = size
    plan = arrange(Choices(screen=screen, zoomed=zoomed), columns, rows, need)
    assert plan
    for place in plan.values():
        assert place.x >= 0
        assert place.x + place.cells <= columns
        assert place.y >= 0
        assert place.y + place.lines <= rows - CHROME
        assert place.lines >= 3
    for one, other in combinations(plan.values(), 2):
        assert not cells_of(one) & cells_of(other)
    assert max(place.y + place.lines for place in plan.values()) == rows - CHROME


@pytest.mark.parametrize(
    ("size", "name"),
    [((59, 16), "nano"), ((60, 15), "nano"), ((60, 16), "small"), ((80, 24), "narrow"), ((100, 30), "narrow"),
     ((118, 36), "wide"), ((120, 40), "wide"), ((160, 48), "wide"), ((190, 54), "full"), ((200, 60), "full")],
)  # fmt: skip
def test_classes_begin_where_the_specification_says(size: tuple[int, int], name: str) -> None:
    assert size_class(*size) == name


def test_what_each_class_shows() -> None:
    overview = {size: tuple(arrange(Choices(), *size, need)) for size in SIZES}
    assert overview[60, 16] == ("board",)
    assert overview[80, 24] == overview[100, 30] == ("board", "flags")
    assert overview[120, 40] == overview[160, 48] == ("quotes", "flags", "weekly", "record")
    assert overview[200, 60] == ("quotes", "weekly", "record", "flags", "confirmation", "journal")


def test_confirmation_stands_under_the_record_where_no_row_above_it_is_hidden_for_it() -> None:
    def few(pane: str, cells: int) -> int:
        return {"quotes": 19, "weekly": 12, "record": 10, "confirmation": 23}.get(pane, need(pane, cells))

    roomy, full = arrange(Choices(), 200, 60, few), arrange(Choices(), 200, 60, need)
    assert roomy["confirmation"].x == roomy["record"].x
    assert roomy["confirmation"].y > roomy["record"].y
    assert [roomy[pane].lines >= few(pane, 0) for pane in ("quotes", "weekly", "record")] == [True] * 3
    assert full["confirmation"].x == full["flags"].x
    assert [full[pane].lines for pane in ("quotes", "weekly")] == [need("quotes", 0), need("weekly", 0)]


def test_at_120x40_every_instrument_of_the_shipped_universe_has_its_quote() -> None:
    assert arrange(Choices(), 120, 40, need)["quotes"].lines == 21


def test_lines_are_shared_least_first_then_in_turn() -> None:
    assert share(12, [Share(10, 4), Share(10, 3)]) == [8, 3]
    assert share(30, [Share(10, 4), Share(5, 3)]) == [14, 15]
    assert share(9, [Share(2, 4), Share(3, 3)]) == [2 + 3, 3]
