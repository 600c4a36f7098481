"""The service's clock, or its memory, is wrong."""

from datetime import timedelta

from ...fake_yahoo import lies
from ...fake_yahoo.troubles import Trouble
from ..scenario import FINE, WAITING, Scenario, Spoil

HOUR = 3600
DAY = timedelta(days=1)
AHEAD = "ahead of this machine's clock"
NOTHING_NEWER = "nothing newer than 10:05 ET"
ZONE = "days stamped in another zone"
FROZEN = frozenset({"frozen"})


def all_of(trouble: Trouble) -> Spoil:
    """Every chart and every price."""
    return lambda service: (service.trouble(trouble, "chart"), service.trouble(trouble, "spark"))


def of_rut(trouble: Trouble) -> Spoil:
    """One symbol's chart and price."""
    return lambda service: (
        service.trouble(trouble, "chart", "^RUT"),
        service.trouble(lies.only("^RUT", trouble), "spark"),
    )


SCENARIOS = (
    Scenario("clock three hours ahead", all_of(lies.shifted(3 * HOUR)), said=(AHEAD,), error=AHEAD, quick=True),
    Scenario("clock a day ahead", all_of(lies.shifted(24 * HOUR)), said=(AHEAD,), error=AHEAD),
    Scenario("clock three hours behind", all_of(lies.shifted(-3 * HOUR)), said=(NOTHING_NEWER,), most=60),
    Scenario("clock a day behind", all_of(lies.shifted(-24 * HOUR)), said=(ZONE,), error=ZONE, most=60),
    Scenario("one quote in the future", of_rut(lies.shifted(2 * HOUR)), but=(("^RUT", WAITING),), rows=FINE,
             said=("10:05",), most=60),
    Scenario("one symbol's answer over and over", of_rut(lies.repeated()), but=(("^RUT", FROZEN),),
             rows=FINE, said=("RUT stands still",), minutes=30.0, most=150),
    Scenario("yesterday's answer served again", lambda service: setattr(service, "behind", DAY),
             said=(NOTHING_NEWER,), most=60),
    Scenario("the same answer over and over", all_of(lies.repeated()), rows=WAITING | FROZEN,
             said=("stand still", "the same price and time in every answer"), minutes=30.0, most=150),
    Scenario("rows stamped in another zone", lambda service: service.trouble(lies.shifted_rows(-12 * HOUR), "chart"),
             said=("charts unanswered", ZONE), error=ZONE, rows=FINE, code=0, most=60),
)  # fmt: skip
