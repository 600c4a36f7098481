"""Exchanges as a desk calls them: their city and the part of the world they trade in."""

from ..core.model.instrument import ZONES

_PLACES = {
    "XTKS": ("Tokyo", "asia"),
    "XHKG": ("Hong Kong", "asia"),
    "XASX": ("Sydney", "asia"),
    "XEUR": ("Frankfurt", "europe"),
    "XLON": ("London", "europe"),
    "XNYS": ("New York", "americas"),
    "CMES": ("Chicago", "futures"),
}
REGIONS = ("asia", "europe", "americas", "futures")
"""In the order of the sun; futures trade through all of them."""


def city(calendar: str) -> str:
    """``Hong Kong``; of an exchange without an entry the city of its zone, else its code."""
    named = _PLACES.get(calendar)
    if named is not None:
        return named[0]
    return zone_of(calendar).rpartition("/")[2].replace("_", " ") if calendar in ZONES else calendar


def zone_of(calendar: str) -> str:
    """The IANA name of its zone, UTC for one that is not known."""
    return ZONES.get(calendar, "UTC")


def region(calendar: str) -> str:
    """The part of the world by its entry, else by its zone."""
    named = _PLACES.get(calendar)
    if named is not None:
        return named[1]
    continent = zone_of(calendar).partition("/")[0]
    return {"Asia": "asia", "Australia": "asia", "Pacific": "asia", "Europe": "europe", "Africa": "europe"}.get(
        continent, "americas"
    )
