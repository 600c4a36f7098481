"""What a rule is: a pure judgement of aligned bars, and the words for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ..bars import Floats
from ..model.config import Parameters
from .aligned import Aligned

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """A rule's verdict on every common session, from that session and earlier ones alone. Shape (n,).

    `enter` raises the flag, `stay` keeps it up (the same or nearer zero), `decides` are the sessions
    on which it may be confirmed (a weekly rule: the last of a week). `magnitude` is what severity ranks
    among the `window` values before, None for rules that are events. `measures` are the sentence's
    numbers. Where a rule asks for a percentile, `nearness` is where the session stands on that scale
    and `needs` what fires it, the higher the nearer.
    """

    enter: Bools
    stay: Bools
    decides: Bools
    measures: Mapping[str, Floats]
    magnitude: Floats | None = None
    window: int = 1260
    least: int = 252
    nearness: Floats | None = None
    needs: float | None = None

    def on(self) -> Bools:
        """The sessions on which the flag stood at the close."""
        return self.enter & self.decides

    def at(self, index: int) -> dict[str, float | None]:
        """The measures of one session as plain numbers, absent ones None."""
        return {name: _plain(values[index]) for name, values in self.measures.items()}


def _plain(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True)
class Bound:
    """What a number among the thresholds may be: both ends are allowed; `whole` ones count sessions or bars."""

    lowest: float
    highest: float = np.inf
    whole: bool = False

    def holds(self, value: float) -> bool:
        """Whether the number will do."""
        return self.lowest <= value <= self.highest and (not self.whole or float(value).is_integer())

    def __str__(self) -> str:
        """``a whole number from 1 to 252``, as a message says what was expected."""
        kind = "a whole number" if self.whole else "a number"
        low = f"{self.lowest:g}".replace("-", "−")
        if self.highest == np.inf:
            return f"{kind} of {low} or more"
        return f"{kind} from {low} to {self.highest:g}".replace("-", "−")


class Wording(NamedTuple):
    """A flag in words: the whole sentence, its figures alone, and what would clear it."""

    sentence: str
    brief: str
    clears_when: str


@dataclass(frozen=True)
class Names:
    """How the instruments of a flag are called in its sentence."""

    short: Mapping[str, str]
    name: Mapping[str, str]
    days: tuple[date, ...] = ()


@dataclass(frozen=True)
class Telling:
    """Everything a sentence may use: measures, parameters, names, dates of the session and earlier ones."""

    measures: Mapping[str, float | None]
    parameters: Mapping[str, float | bool | str]
    watched: str
    against: tuple[str, ...]
    names: Names
    final: bool

    def number(self, name: str) -> float:
        """A measure that the rule always gives."""
        value = self.measures[name]
        assert value is not None, name
        return value

    def setting(self, name: str) -> float:
        """A numeric parameter."""
        return float(self.parameters[name])

    @property
    def short(self) -> str:
        """Short name of the watched instrument."""
        return self.names.short.get(self.watched, self.watched)


@dataclass(frozen=True)
class Rule:
    """One rule of the family; a file in this folder that names one `RULE`.

    `name` is the contract's, `title` what the card says, `version` changes whenever its counts would.
    `references` is the least number of references it needs. `basis` tells on what prices it is judged.
    `variants` are the titles of settings (``basis=year high``) that change what it is of.
    `live` rules are judged on 5-minute bars too, the others on official closes alone. `choices` are the
    texts that a parameter of words may be, `bounds` what each number may be; `amiss` names a threshold that does
    not go with the others, and what was expected of it. A rule that measures in `percent` takes no yield as a
    leg: a yield moves in basis points.
    """

    name: str
    title: str
    version: int
    references: int
    kind: Literal["magnitude", "event"]
    basis: str
    judge: Callable[[Aligned, Mapping[str, float | bool | str]], Judged]
    tell: Callable[[Telling], Wording]
    defaults: Parameters = field(default_factory=dict[str, "float | bool | str"])
    live: bool = True
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    variants: Mapping[str, str] = field(default_factory=dict[str, str])
    bounds: Mapping[str, Bound] = field(default_factory=dict[str, Bound])
    percent: bool = True
    amiss: Callable[[Mapping[str, float | bool | str]], tuple[str, str] | None] | None = None

    def called(self, chosen: Mapping[str, float | bool | str]) -> str:
        """The title with what tells this variant from the plain rule."""
        named = (
            title for variant, title in self.variants.items() if variant in {f"{k}={v}" for k, v in chosen.items()}
        )
        title = next(named, self.title)
        return f"{title}, mirror" if chosen.get("mirror") else title

    def parameters(self, chosen: Mapping[str, float | bool | str]) -> dict[str, float | bool | str]:
        """Defaults with the user's choices over them."""
        return {**self.defaults, **chosen}


def percent_text(value: float, decimals: int = 2) -> str:
    """A signed percentage for a sentence: a real minus, a no-break space before the sign of percent."""
    text = f"{abs(value):.{decimals}f}"
    sign = "" if float(text) == 0 else ("+" if value > 0 else "−")
    return f"{sign}{text}\u00a0%"


def price_text(value: float) -> str:
    """A price for a sentence: thousands separated, two decimals, three under ten."""
    return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.2f}"
