"""What the spelling of a symbol tells of it: how the data service writes futures, currencies and exchanges."""

from collections.abc import Iterable

from .model.instrument import Instrument
from .settings_cut import Fields
from .universe import find

LONGEST_SHORT = 8
"""Letters of a short name."""
SUFFIXES = {
    ".DE": ("EUR", "XEUR"), ".F": ("EUR", "XEUR"), ".L": ("GBp", "XLON"), ".AX": ("AUD", "XASX"),
    ".HK": ("HKD", "XHKG"), ".T": ("JPY", "XTKS"),
}  # fmt: skip
"""Currency and calendar of an exchange by the end of its symbols; London quotes shares in pence."""


def guessed(symbol: str, board: Iterable[Instrument]) -> Fields:
    """What is safe to say of a symbol that nobody knows yet; keys that keep their default are left out.

    ``CL=F`` is a future of CME's days, ``SAP.DE`` a euro price of Frankfurt's. All else is what the defaults are,
    an index or a share in dollars on New York's days: no calendar here is one of currencies (``EURUSD=X``) or coins
    (``BTC-USD``), whose days are counted as New York's.
    """
    fields: dict[str, str] = {}
    short = symbol.removeprefix("^")
    if symbol.endswith("=F"):
        short = symbol.removesuffix("=F")
        fields = {"group": "futures", "kind": "future", "calendar": "CMES"}
    elif symbol.endswith("=X"):
        short = symbol.removesuffix("=X")
        fields = {"group": "macro"}
    else:
        end = next((one for one in SUFFIXES if symbol.endswith(one)), None)
        if end is not None:
            fields = {"group": "abroad", "currency": SUFFIXES[end][0], "calendar": SUFFIXES[end][1]}
    short = short[:LONGEST_SHORT]
    if short and short != symbol.removeprefix("^") and find(short, board) is None:
        fields = {"short": short, **fields}
    return {**fields}
