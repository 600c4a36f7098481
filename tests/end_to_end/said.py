"""What a command answered, and the exit codes of the contract."""

from collections.abc import Callable
from typing import NamedTuple

OK, ERROR, USAGE, PARTIAL, NOTHING = 0, 1, 2, 3, 4


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]
