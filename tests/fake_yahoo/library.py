"""The client library keeps what it learned for the life of its process; tests share one process."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false

import warnings


def forget() -> None:
    """Make yfinance as it is in a new process: no session, cookie, crumb, zones or cached answers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from yfinance import base, cache, data  # pyright: ignore[reportMissingTypeStubs]
    data.SingletonMeta._instances.clear()
    data.YfData.cache_get.cache_clear()
    for manager in (cache._TzDBManager, cache._CookieDBManager):
        manager.close_db()
        manager._db = None
    cache._TzCacheManager._tz_cache = None
    cache._CookieCacheManager._Cookie_cache = None
    base._tz_info_fetch_ctr = 0
