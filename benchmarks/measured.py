"""One measured figure of one goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """`figure` says what was measured in words; `ratio`, within one run, is held against `limit`: at most that much."""

    goal: int
    what: str
    figure: str
    ratio: float | None = None
    limit: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        return None if self.ratio is None or self.limit is None else self.ratio <= self.limit
