"""The digits of saved layouts: each takes the place of the screen that ships there."""

from collections.abc import Mapping, Sequence

from ..core.model.config import Problem
from ..core.model.view_setting import ViewSetting
from .commands import Bound, Command


def with_views(
    bound: Sequence[Bound], views: Sequence[ViewSetting], chosen: Mapping[str, str], file: str = ""
) -> tuple[tuple[Bound, ...], tuple[Problem, ...]]:
    """The commands with one for each view; a digit that `chosen` keys give to a command stays with it, and is named."""
    problems: list[Problem] = []
    made: list[Bound] = []
    for view in sorted(views, key=lambda one: one.digit):
        digit = str(view.digit)
        holder = next((one.command.name for one in bound if digit in one.keys), "")
        if holder in chosen:
            problems.append(_taken(view, holder, file))
        made.append(Bound(_command(view), () if holder in chosen else (digit,)))
    taken = {key for one in made for key in one.keys}
    rest = [Bound(one.command, tuple(key for key in one.keys if key not in taken)) for one in bound]
    first = next(number for number, one in enumerate(rest) if one.command.name.startswith("screen-"))
    return (*rest[:first], *made, *rest[first:]), tuple(problems)


def _command(view: ViewSetting) -> Command:
    return Command(f"view-{view.digit}", (str(view.digit),), view.name, "screens", f"to_view({view.digit})")


def _taken(view: ViewSetting, holder: str, file: str) -> Problem:
    return Problem(
        file=file, key=f"view[{view.name}].digit", value=str(view.digit),
        expected=f"a digit that [keys] does not give to {holder}", instead="the palette shows it",
    )  # fmt: skip
