"""The answers can be read, and what they say cannot be true."""

from typing import Any

from ...fake_yahoo import lies, troubles
from ...fake_yahoo.troubles import Trouble
from ..scenario import FINE, WAITING, Scenario, Spoil

RUT, SPX = "^RUT", "^GSPC"
MIXED_UP = "another symbol's figures under this name"


def chart(trouble: Trouble, symbol: str = RUT) -> Spoil:
    """One symbol's chart alone."""
    return lambda service: service.trouble(trouble, "chart", symbol)


def both(trouble: Trouble, symbol: str = RUT) -> Spoil:
    """One symbol's chart and price."""
    return lambda service: (
        service.trouble(trouble, "chart", symbol),
        service.trouble(lies.only(symbol, trouble), "spark"),
    )


def harmless(name: str, spoil: Spoil, **more: Any) -> Scenario:
    """Wrong in one place, and right in the others: all goes on, and nothing of it is shown."""
    usual: dict[str, Any] = {"rows": FINE, "code": 0, "most": 60}
    return Scenario(name, spoil, **(usual | more))


def without_rut(name: str, trouble: Trouble, *said: str, **more: Any) -> Scenario:
    """One symbol has no price that could be believed: its last good one stays, with its time."""
    usual: dict[str, Any] = {"said": (*said, "10:05"), "rows": FINE, "but": ((RUT, WAITING),), "most": 60}
    return Scenario(name, both(trouble), **(usual | more))


SCENARIOS = (
    harmless("null rows with volume", chart(troubles.null_row(-2))),
    harmless("a live row of nulls", chart(troubles.null_row(-1))),
    harmless("zeros for open, high and low", chart(troubles.only_closes())),
    harmless("the live row twice, the later without a range", chart(troubles.live_row_twice())),
    harmless("a past session missing", chart(lies.without_row(-2))),
    harmless("days out of order", chart(lies.backwards())),
    harmless("days twice", chart(lies.doubled())),
    harmless("a frozen price whose time moves on", both(lies.price_stands())),
    harmless("one bad tick as a new record", lambda service: (
        service.trouble(lies.scaled(1.9), "chart", RUT, nth=1),
        service.trouble(lies.only(RUT, lies.scaled(1.9)), "spark", nth=3),
    ), held=RUT, quick=True),
    harmless("one bad tick near zero",
             lambda service: service.trouble(lies.only(RUT, lies.scaled(0.001)), "spark", nth=2)),
    harmless("another symbol's chart", lambda service: service.trouble(lies.chart_of(service, SPX), "chart", RUT)),
    harmless(MIXED_UP, lambda service: service.trouble(lies.chart_of(service, SPX, named=RUT), "chart", RUT), held=RUT),
    harmless("two symbols swapped among the prices",
             lambda service: service.trouble(lies.swapped(SPX, "^IXIC"), "spark"), held="^IXIC"),
    harmless("a past day changed", chart(lies.past_day_scaled(3.0)), held=RUT),
    without_rut("price times 100", lies.scaled(100.0), "HELD", "RUT 2", held=RUT, quick=True),
    without_rut("price near zero", lies.scaled(0.0001), "HELD", "RUT 0", held=RUT),
    without_rut("price halved", lies.scaled(0.5), "HELD", "RUT 1", held=RUT),
    without_rut("negative prices", lies.scaled(-1.0)),
    without_rut("zeros", lies.scaled(0.0)),
)  # fmt: skip
