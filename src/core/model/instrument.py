"""What is watched: an instrument and the zone its exchange keeps."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

ZONES = {
    "XNYS": "America/New_York",
    "XEUR": "Europe/Berlin",
    "XASX": "Australia/Sydney",
    "XHKG": "Asia/Hong_Kong",
    "XLON": "Europe/London",
    "XTKS": "Asia/Tokyo",
    "CMES": "America/Chicago",
}
"""IANA zone by calendar: a decoded time keeps only an offset, so the zone is looked up here."""

_LETTERS = {
    "EST": "ET", "EDT": "ET", "CST": "CT", "CDT": "CT", "MST": "MT", "MDT": "MT", "PST": "PT", "PDT": "PT",
}  # fmt: skip
_NAMELESS = {
    "America/Argentina/Buenos_Aires": "ART", "America/Bogota": "COT", "America/Lima": "PET", "America/Santiago": "CLT",
    "America/Sao_Paulo": "BRT", "Asia/Bangkok": "ICT", "Asia/Dubai": "GST", "Asia/Kuala_Lumpur": "MYT",
    "Asia/Singapore": "SGT", "Europe/Istanbul": "TRT",
}  # fmt: skip
"""Letters of zones to which the zone data gives an offset alone."""


def local(time: datetime, zone: str) -> datetime:
    """The time as the clocks of a zone show it; in UTC where there is no such zone."""
    try:
        return time.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):
        return time.astimezone(UTC)


def letters(time: datetime) -> str:
    """What a trader calls the zone of a local time: ``ET`` for both of New York's names, ``CET``; never an offset."""
    name = time.tzname() or ""
    key = str(getattr(time.tzinfo, "key", ""))
    if name[:1] in "+-":
        return _NAMELESS.get(key) or key.rpartition("/")[2].replace("_", " ")
    return _LETTERS.get(name, name) if key.startswith(("America/", "US/", "Canada/")) or not key else name


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the board.

    `symbol` is the data service's spelling, `short` the trader's. `kind` is index, future, fund,
    volatility or yield; yields move in basis points. `price_return` is true where no dividends are in
    the price. `panel` instruments get daily bars only, after the close; `hidden` ones are not watched.
    `decimals` of its prices as they are shown, None as the screen has it.
    """

    symbol: str
    short: str
    name: str
    role: str = ""
    group: str = "us"
    kind: str = "index"
    currency: str = "USD"
    calendar: str = "XNYS"
    price_return: bool = True
    hidden: bool = False
    panel: bool = False
    decimals: int | None = None

    @property
    def zone(self) -> str:
        """IANA name of the exchange's zone."""
        return ZONES.get(self.calendar, "UTC")

    @property
    def has_record(self) -> bool:
        """Whether an all-time high means anything: not for volatility and yields."""
        return self.kind not in ("volatility", "yield")


def yields_of(instruments: Iterable[Instrument]) -> frozenset[str]:
    """The symbols whose prices are percent a year, and whose moves are basis points."""
    return frozenset(one.symbol for one in instruments if one.kind == "yield")
