"""A data service of our own on loopback, spoken to by the real client through a CONNECT proxy.

    with FakeYahoo(history, intraday, now) as service:
        subprocess.run(…, env=os.environ | service.environment())

`history` are official daily bars by symbol, also of days to come: the market clock `now` decides what
exists yet. `service.requests` is everything that arrived; `troubles` are the ways it may go wrong.
"""

from . import lies, troubles
from .loading import load_daily, load_five_minutes, walk
from .market import Exchange, FiveMinuteBar
from .service import FakeYahoo, Request

__all__ = [
    "Exchange",
    "FakeYahoo",
    "FiveMinuteBar",
    "Request",
    "lies",
    "load_daily",
    "load_five_minutes",
    "troubles",
    "walk",
]
