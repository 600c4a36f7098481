"""Two publishers of official closes, in the layouts they document: Cboe's index files and FRED's graph data.

    yahoo = FakeYahoo(history, intraday, now)
    closes = FakeCloses(history, yahoo)
    with yahoo: …

They answer on the same line as the other service. `closes.requests` is everything that arrived.
"""

from .service import CBOE, FRED, FakeCloses

__all__ = ["CBOE", "FRED", "FakeCloses"]
