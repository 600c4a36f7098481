"""A line of prices in a few cells: braille, or bars where braille cannot be drawn."""

from collections.abc import Sequence

_LEFT = (0x40, 0x04, 0x02, 0x01)
_RIGHT = (0x80, 0x20, 0x10, 0x08)
"""Dots of a braille cell's two columns, from the bottom up."""
_BARS = "▁▂▃▄▅▆▇█"
_PLAIN = "_.-'"


def levels(values: Sequence[float], steps: int) -> list[int]:
    """Each value as a step from 0 (the lowest) to `steps` - 1; all in the middle when nothing moved."""
    low, high = min(values), max(values)
    if high <= low:
        return [steps // 2] * len(values)
    return [round((value - low) / (high - low) * (steps - 1)) for value in values]


def spark(values: Sequence[float], cells: int) -> str:
    """The newest 2 x `cells` values, right-aligned; blank for fewer than two."""
    shown = tuple(values)[-2 * cells :]
    if len(shown) < 2:
        return " " * cells
    dots: list[int | None] = [None] * (2 * cells - len(shown))
    dots += levels(shown, 4)
    pairs = zip(dots[::2], dots[1::2], strict=True)
    return "".join(_cell(left, right) for left, right in pairs)


def _cell(left: int | None, right: int | None) -> str:
    bits = (0 if left is None else _LEFT[left]) | (0 if right is None else _RIGHT[right])
    return chr(0x2800 + bits) if bits else " "


def spark_bars(values: Sequence[float], cells: int) -> str:
    """The newest `cells` values as bars, for terminals without braille."""
    return _stepped(values, cells, _BARS)


def spark_ascii(values: Sequence[float], cells: int) -> str:
    """The newest `cells` values in four heights of ASCII."""
    return _stepped(values, cells, _PLAIN)


def _stepped(values: Sequence[float], cells: int, heights: str) -> str:
    shown = tuple(values)[-cells:]
    if len(shown) < 2:
        return " " * cells
    return "".join(heights[step] for step in levels(shown, len(heights))).rjust(cells)
