"""What a feed takes over from the one before it: prices of a session that is not final yet."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from .live import Live
from .model.snapshot import Row, Snapshot
from .sessions import Calendar


def live_rows(old: Snapshot, calendar_of: Callable[[str], Calendar], now: datetime) -> dict[str, Live]:
    """The newest session's prices of a published snapshot, as old as they are.

    Only of the session that has begun last; final rows stand in the store. Their 5-minute bars are not
    kept: the next answer brings them.
    """
    found: dict[str, Live] = {}
    for row in old.instruments:
        live = _live(row)
        if live is not None and live.session == calendar_of(row.calendar).begun(now).day:
            found[row.symbol] = live
    return found


def _live(row: Row) -> Live | None:
    quote = row.quote
    if quote is None or quote.state == "final":
        return None
    if quote.last is None or quote.time is None or quote.session is None or quote.high is None or quote.low is None:
        return None
    return Live(
        symbol=row.symbol,
        session=quote.session,
        last=quote.last,
        time=quote.time.astimezone(UTC),
        open=quote.open,
        high=quote.high,
        low=quote.low,
        range_as_of=quote.range_as_of,
        high_from_chart=quote.range_as_of is not None,
        low_from_chart=quote.range_as_of is not None,
        delay=timedelta(minutes=quote.delay_minutes),
        same_price_polls=quote.same_answers,
    )
