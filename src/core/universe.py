"""The instruments and rules that ship, and finding one by what a trader types."""

from collections.abc import Iterable
from difflib import get_close_matches

from .model.config import Config, RuleSetting
from .model.instrument import Instrument


def _us(symbol: str, short: str, name: str, role: str) -> Instrument:
    return Instrument(symbol=symbol, short=short, name=name, role=role)


def _future(symbol: str, name: str) -> Instrument:
    short = symbol.removesuffix("=F")
    return Instrument(
        symbol=symbol, short=short, name=name, role="future", group="futures", kind="future", calendar="CMES"
    )


def _fund(symbol: str, name: str, role: str = "proxy", *, panel: bool = False) -> Instrument:
    return Instrument(symbol=symbol, short=symbol, name=name, role=role, group="proxies", kind="fund", panel=panel)


def _abroad(symbol: str, short: str, name: str, currency: str, calendar: str, *, hidden: bool = False) -> Instrument:
    return Instrument(
        symbol=symbol, short=short, name=name, role="abroad", group="abroad",
        currency=currency, calendar=calendar, hidden=hidden,
    )  # fmt: skip


_SECTORS = (
    ("XLK", "Technology"), ("XLF", "Financials"), ("XLV", "Health care"), ("XLE", "Energy"),
    ("XLI", "Industrials"), ("XLY", "Discretionary"), ("XLP", "Staples"), ("XLU", "Utilities"),
    ("XLB", "Materials"), ("XLRE", "Real estate"), ("XLC", "Communication"),
)  # fmt: skip

INSTRUMENTS: tuple[Instrument, ...] = (
    _us("^GSPC", "SPX", "S&P 500", "large-cap"),
    _us("^DJI", "DJIA", "Dow Jones", "large-cap"),
    _us("^IXIC", "COMP", "Nasdaq Comp", "composite"),
    _us("^NDX", "NDX", "Nasdaq 100", "large-cap"),
    _us("^RUT", "RUT", "Russell 2000", "small-cap"),
    _abroad("^STOXX50E", "SX5E", "Euro Stoxx 50", "EUR", "XEUR"),
    _abroad("^AXJO", "ASX", "ASX 200", "AUD", "XASX"),
    _abroad("^HSI", "HSI", "Hang Seng", "HKD", "XHKG"),
    _future("ES=F", "S&P 500 fut"),
    _future("NQ=F", "Nasdaq fut"),
    _future("YM=F", "Dow future"),
    _future("RTY=F", "R2000 future"),
    _fund("IWM", "iShares R2000"),
    _fund("VTWO", "Vanguard R2k"),
    _fund("KRE", "Regional bank", "confirmation"),
    _fund("SPY", "SPDR S&P 500"),
    _fund("RSP", "S&P 500 equal"),
    Instrument(symbol="^VIX", short="VIX", name="Volatility", role="macro", group="macro", kind="volatility"),
    Instrument(symbol="^TNX", short="US10Y", name="10-year yield", role="macro", group="macro", kind="yield"),
    _abroad("^GDAXI", "DAX", "DAX", "EUR", "XEUR", hidden=True),
    _abroad("^FTSE", "FTSE", "FTSE 100", "GBP", "XLON", hidden=True),
    _abroad("^N225", "N225", "Nikkei 225", "JPY", "XTKS", hidden=True),
    *(_fund(symbol, name, "sector", panel=True) for symbol, name in _SECTORS),
    _fund("HYG", "High yield", "credit", panel=True),
    _fund("IEF", "7-10 y notes", "credit", panel=True),
    _fund("MAGS", "Magnificent 7", "mega-cap", panel=True),
)
"""In the order of the board; groups are us, abroad, futures, proxies, macro."""

RANKS = ("^RUT", "^GSPC", "^DJI", "^IXIC", "^NDX", "IWM", "KRE", "^VIX", "^TNX")
"""Whose history is fetched first on a cold start; the others follow in the order of the board."""

_PAIR = ("^RUT", "^GSPC")


def _rule(rule: str, watched: str, *against: str, **chosen: float | bool | str) -> RuleSetting:
    return RuleSetting(rule=rule, watched=watched, against=against, set=chosen)


def _both_ways(rule: str, watched: str, *against: str) -> tuple[RuleSetting, RuleSetting]:
    """A rule and its mirror."""
    return _rule(rule, watched, *against), _rule(rule, watched, *against, mirror=True)


RULES: tuple[RuleSetting, ...] = (
    *_both_ways("same-day-direction", *_PAIR, "^DJI"),
    *_both_ways("spread-shock", *_PAIR),
    *_both_ways("beta-residual", *_PAIR),
    *_both_ways("weekly-lag", *_PAIR),
    _rule("record-non-confirmation", *_PAIR),
    *_both_ways("relative-strength-turn", *_PAIR),
    *(_rule("record-reversal", symbol) for symbol in ("^RUT", "^GSPC", "^IXIC", "^DJI", "^NDX")),
    *(_rule("record-reversal", symbol, basis="year high") for symbol in ("^HSI", "^AXJO")),
    *(_rule("failed-breakout", symbol) for symbol in ("^RUT", "^GSPC", "^IXIC")),
    _rule("failed-breakout", "^RUT", level="year high", mirror=True),
    _rule("failed-breakout", "^HSI", level="round", drought=20.0),
    *(_rule("failed-retest", symbol) for symbol in _PAIR),
    *(one for symbol in _PAIR for one in _both_ways("momentum-divergence", symbol)),
    _rule("breadth-divergence", "^GSPC", *(symbol for symbol, _ in _SECTORS)),
    _rule("correlation-break", *_PAIR),
)
"""The pairs and rules of somebody who configured none."""


def default_config() -> Config:
    """The configuration that ships."""
    return Config(instruments=INSTRUMENTS, rules=RULES)


def find(name: str, among: Iterable[Instrument] = INSTRUMENTS) -> Instrument | None:
    """The instrument of this symbol or short name, whatever its case; RUT and ^RUT are the same."""
    wanted = name.strip().upper().lstrip("^")
    for one in among:
        if wanted in (one.symbol.upper().lstrip("^"), one.short.upper()):
            return one
    return None


def nearest(name: str, among: Iterable[Instrument] = INSTRUMENTS, count: int = 3) -> tuple[str, ...]:
    """Short names that look like `name`, best first; none where nothing is near."""
    shorts = {spelling.upper().lstrip("^"): one.short for one in among for spelling in (one.symbol, one.short)}
    found = get_close_matches(name.strip().upper().lstrip("^")[:40], shorts, n=2 * count, cutoff=0.5)
    return tuple(dict.fromkeys(shorts[match] for match in found))[:count]


def by_rank(instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """In the order in which a cold start loads histories."""
    return tuple(sorted(instruments, key=lambda one: RANKS.index(one.symbol) if one.symbol in RANKS else len(RANKS)))
