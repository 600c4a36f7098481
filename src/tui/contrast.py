"""How well colours can be read on one another and told apart, and what of a theme had better be changed."""

from collections.abc import Sequence

from ..core.model.theme import TEXT_ROLES, Theme, spelt_out

READABLE = 4.5
"""Contrast (WCAG 2) from which words are easily read."""
HARDLY = 3.0
"""Contrast under which they hardly are."""
APART = 40.0
"""Distance (CIE 1976) from which two colours are told apart at a glance."""

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

SEEN_BY: tuple[Matrix, ...] = (
    ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
)
"""Ordinary vision and the three that lack a cone, on linear RGB: Machado, Oliveira and Fernandes 2009."""
_TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)


def ratio(one: str, other: str) -> float | None:
    """The contrast of two colours, 1 to 21 (WCAG 2); None where one is the terminal's own, which nobody knows."""
    first, second = _linear(one), _linear(other)
    if first is None or second is None:
        return None
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def told_apart(one: str, other: str) -> bool | None:
    """Whether every kind of colour vision tells two colours apart; None where one is the terminal's own."""
    first, second = _linear(one), _linear(other)
    if first is None or second is None:
        return None
    return all(_distance(_through(eye, first), _through(eye, second)) >= APART for eye in SEEN_BY)


def doubts(theme: Theme) -> tuple[str, ...]:
    """What makes a theme hard to use though nothing in it is wrong: a sentence each."""
    color = theme.colors
    found: list[str] = []
    if not theme.no_color and spelt_out(color["bull"]) == spelt_out(color["bear"]):
        found.append(f"up and down have the same colour, {color['bull']}")
    ground = color["background"]
    pairs = [(role, ratio(color[role], ground)) for role in TEXT_ROLES]
    faint = [(role, at) for role, at in pairs if at is not None and at < HARDLY]
    if faint:
        are = "is" if len(faint) == 1 else "are"
        worst = min(at for _, at in faint)
        found.append(
            f"{_named([role for role, _ in faint])} {are} hardly readable on background {ground}: "
            f"contrast {worst:.1f}, and {READABLE} is easily read"
        )
    return tuple(found)


def _named(roles: Sequence[str]) -> str:
    if len(roles) > 3:
        return f"{', '.join(roles[:2])} and {len(roles) - 2} more"
    return " and ".join((", ".join(roles[:-1]), roles[-1])) if len(roles) > 1 else roles[0]


def _linear(color: str) -> Triple | None:
    spelt = spelt_out(color)
    if not spelt.startswith("#"):
        return None
    parts = [int(spelt[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return red, green, blue


def _luminance(rgb: Triple) -> float:
    return sum(part * weight for part, weight in zip(rgb, (0.2126, 0.7152, 0.0722), strict=True))


def _through(matrix: Matrix, rgb: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, rgb, strict=True)) for row in matrix)
    return one, two, three


def _distance(one: Triple, other: Triple) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True)) ** 0.5)


def _lab(rgb: Triple) -> Triple:
    red, green, blue = (min(1.0, max(0.0, part)) for part in rgb)
    xyz = zip(_through(_TO_XYZ, (red, green, blue)), _WHITE, strict=True)
    x, y, z = (_cube_root(value / white) for value, white in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116
