"""How long a feed stays for its alerts when nobody watches: to the end of their exchanges' session and a little on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ..model.alert import AlertSetting
from ..model.config import Config
from ..model.snapshot import Market
from ..trading import Trading

AFTER = timedelta(minutes=30)
"""After the bell: by then the official closes are here, and the flags that stand on them."""


def calendars(settings: Iterable[AlertSetting], config: Config) -> frozenset[str]:
    """The exchanges that alerts depend on."""
    of = {one.symbol: one.calendar for one in config.watched}
    symbols: set[str] = set()
    for setting in settings:
        if setting.symbol:
            symbols.add(setting.symbol)
        elif setting.on == "flag":
            symbols |= {rule.watched for rule in config.rules if setting.rule in ("", rule.rule)}
        else:
            symbols |= {one.symbol for one in config.watched[:1]}
    return frozenset(of[symbol] for symbol in symbols if symbol in of)


def stays_until(markets: dict[str, Market], names: Iterable[str], now: datetime) -> datetime | None:
    """When the last of today's sessions of these exchanges is over for alerts; None where it is, or there is none.

    Today's session counts from midnight of its exchange on: who closes the monitor before the open is told all the
    same.
    """
    ends = [end for name in names if name in markets and (end := _end(name, markets[name], now)) is not None]
    return max((end for end in ends if end > now), default=None)


def _end(name: str, market: Market, now: datetime) -> datetime | None:
    trading = Trading(name, market.hours)
    session = trading.running(now) or trading.on(now.astimezone(trading.zone).date())
    return session.close + AFTER if session else None
