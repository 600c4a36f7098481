"""Ways a readable answer may say what is not so: each changes the figures or the times of a Reply.

A change is made to a chart's first result or to every part of a prices answer, whichever it is.
"""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from . import bodies
from .service import FakeYahoo
from .troubles import Reply, Trouble

PRICES = ("open", "high", "low", "close")
IN_META = ("regularMarketPrice", "regularMarketDayHigh", "regularMarketDayLow")
Change = Callable[[Any], object]


def _changed(chart: Change, part: Change = lambda _: None) -> Trouble:
    def trouble(reply: Reply) -> Reply:
        if "chart" in reply.body:
            chart(reply.body["chart"]["result"][0])
        else:
            for one in reply.body.values():
                part(one)
        return reply

    return trouble


def _quote(result: Any) -> Any:
    return result["indicators"]["quote"][0]


def only(symbol: str, trouble: Trouble) -> Trouble:
    """Of a prices answer one symbol's part alone."""

    def changed(reply: Reply) -> Reply:
        found = trouble(Reply(200, {symbol: reply.body[symbol]})) if symbol in reply.body else Reply(200, {})
        return replace(reply, body=reply.body | found.body)

    return changed


def body(made: object) -> Trouble:
    """This and nothing else, with 200."""
    return lambda _: Reply(200, made)


def halved() -> Trouble:
    """JSON that ends in its middle."""

    def trouble(reply: Reply) -> Reply:
        text = bodies.text(reply.body)
        return Reply(200, text[: len(text) // 2])

    return trouble


# -- figures ---------------------------------------------------------------------------------------------


def scaled(factor: float) -> Trouble:
    """The running day's prices times a factor: the live row, what stands beside it, the last two points."""

    def chart(result: Any) -> None:
        for name in PRICES:
            _quote(result)[name][-1] *= factor
        for name in IN_META:
            result["meta"][name] *= factor

    def part(one: Any) -> None:
        one["close"][-2:] = [close * factor for close in one["close"][-2:]]

    return _changed(chart, part)


def price_stands() -> Trouble:
    """The first last price again and again, its time moving on."""
    first: list[float] = []

    def chart(result: Any) -> None:
        first.append(result["meta"]["regularMarketPrice"])
        _quote(result)["close"][-1] = result["meta"]["regularMarketPrice"] = first[0]

    def part(one: Any) -> None:
        first.append(one["close"][-1])
        one["close"][-1] = first[0]

    return _changed(chart, part)


def past_day_scaled(factor: float, index: int = -2) -> Trouble:
    """A day that is over comes again with other prices."""

    def chart(result: Any) -> None:
        for name in PRICES:
            _quote(result)[name][index] *= factor

    return _changed(chart)


def stringly() -> Trouble:
    """Numbers written as words."""

    def chart(result: Any) -> None:
        result["timestamp"] = [str(stamp) for stamp in result["timestamp"]]
        for name in PRICES:
            _quote(result)[name] = [str(value) for value in _quote(result)[name]]

    return _changed(chart, lambda one: one.update(close=[str(close) for close in one["close"]]))


def not_numbers() -> Trouble:
    """NaN and Infinity, which JSON does not know and some writers write."""

    def chart(result: Any) -> None:
        _quote(result)["high"][-1] = float("inf")
        result["meta"]["regularMarketPrice"] = float("nan")

    return _changed(chart, lambda one: one["close"].__setitem__(-1, float("nan")))


# -- rows ------------------------------------------------------------------------------------------------


def _rows(order: Callable[[list[Any]], list[Any]]) -> Trouble:
    def chart(result: Any) -> None:
        quote = _quote(result)
        result["timestamp"] = order(result["timestamp"])
        for name in (*PRICES, "volume"):
            quote[name] = order(quote[name])
        beside = result["indicators"]["adjclose"][0]
        beside["adjclose"] = order(beside["adjclose"])

    return _changed(chart)


def backwards() -> Trouble:
    """The newest day first."""
    return _rows(lambda column: column[::-1])


def doubled() -> Trouble:
    """Every day twice."""
    return _rows(lambda column: [value for value in column for _ in range(2)])


def without_row(index: int = -2) -> Trouble:
    """A session that is not there."""
    return _rows(lambda column: [value for at, value in enumerate(column) if at != len(column) + index])


def no_stamps() -> Trouble:
    """Columns, and no word of which days they are."""
    return _changed(lambda result: result.pop("timestamp"))


# -- times -----------------------------------------------------------------------------------------------


def shifted(seconds: int) -> Trouble:
    """Every time by so many seconds, as by a service whose clock is off."""

    def chart(result: Any) -> None:
        result["timestamp"] = [stamp + seconds for stamp in result["timestamp"]]
        result["meta"]["regularMarketTime"] += seconds
        for period in result["meta"]["currentTradingPeriod"].values():
            period["start"] += seconds
            period["end"] += seconds

    def part(one: Any) -> None:
        one["timestamp"] = [stamp + seconds for stamp in one["timestamp"]]
        one["start"], one["end"] = one["start"] + seconds, one["end"] + seconds

    return _changed(chart, part)


def shifted_rows(seconds: int) -> Trouble:
    """Only the days' stamps, as by a service that has taken one zone for another."""

    def chart(result: Any) -> None:
        result["timestamp"] = [stamp + seconds for stamp in result["timestamp"]]

    return _changed(chart)


def stamps_of(value: int) -> Trouble:
    """The same impossible time everywhere."""

    def chart(result: Any) -> None:
        result["timestamp"] = [value for _ in result["timestamp"]]
        result["meta"]["regularMarketTime"] = value

    return _changed(chart, lambda one: one.update(timestamp=[value for _ in one["timestamp"]]))


def _symbol(body: Any) -> Any:
    return body["chart"]["result"][0]["meta"]["symbol"]


def repeated() -> Trouble:
    """The first answer of each question again and again, as from a cache that has forgotten to forget."""
    first: dict[str, Any] = {}

    def trouble(reply: Reply) -> Reply:
        chart = "chart" in reply.body
        name = f"chart of {_symbol(reply.body)}" if chart else ",".join(reply.body)
        return replace(reply, body=copy.deepcopy(first.setdefault(name, copy.deepcopy(reply.body))))

    return trouble


# -- symbols ---------------------------------------------------------------------------------------------


def without_symbol(symbol: str) -> Trouble:
    """A prices answer that leaves one symbol out."""
    return lambda reply: replace(reply, body={name: part for name, part in reply.body.items() if name != symbol})


def swapped(one: str, other: str) -> Trouble:
    """Two symbols' prices under each other's names."""

    def trouble(reply: Reply) -> Reply:
        found = reply.body
        if one in found and other in found:
            found[one], found[other] = found[other] | {"symbol": one}, found[one] | {"symbol": other}
        return reply

    return trouble


def chart_of(service: FakeYahoo, other: str, named: str | None = None) -> Trouble:
    """Another symbol's chart, under its own name or `named`."""

    def trouble(_: Reply) -> Reply:
        seen = service.market.seen(other, service.now)
        assert seen is not None
        return Reply(200, bodies.chart(named or other, seen, 5, "5d"))

    return trouble
