"""The service answers, and says no."""

from ...fake_yahoo import lies, troubles
from ..scenario import FINE, WAITING, Scenario

SCENARIOS = (
    Scenario(
        "429 without Retry-After", lambda service: service.trouble(troubles.too_many()),
        said=("slowed down (429)", "next try"), error="slowed down (429)", fetch=4, most=4, recovers=500.0, quick=True,
    ),
    Scenario(
        "429 that asks for four minutes", lambda service: service.trouble(troubles.too_many("240")),
        said=("slowed down (429)",), error="slowed down (429)", fetch=4, most=3,
    ),
    Scenario(
        "429 until an hour of the clock",
        lambda service: service.trouble(troubles.too_many("Wed, 15 Oct 2025 14:20:00 GMT")),
        said=("slowed down (429)",), error="slowed down (429)", fetch=4, most=1, recovers=600.0,
    ),
    Scenario(
        "429 that asks for nonsense", lambda service: service.trouble(troubles.too_many("soon, I hope")),
        said=("slowed down (429)",), error="slowed down (429)", most=4, recovers=500.0,
    ),
    Scenario(
        "429 once", lambda service: service.trouble(troubles.too_many(), nth=1),
        rows=FINE, code=0, minutes=4.0, most=20,
    ),
    Scenario(
        "a storm of 429s, pauses doubling", lambda service: service.trouble(troubles.too_many()),
        said=("slowed down (429)",), error="slowed down (429)", minutes=40.0, most=6, recovers=1920.0,
    ),
    Scenario(
        "401", lambda service: service.trouble(troubles.unauthorized()),
        said=("refused (401)",), error="refused (401)", fetch=4, most=14,
    ),
    Scenario(
        "403", lambda service: service.trouble(troubles.status(403, b"Forbidden")),
        said=("refused (403)",), error="refused (403)", fetch=4,
    ),
    Scenario(
        "404 for one symbol",
        lambda service: (
            service.trouble(troubles.dead(), "chart", "^IXIC"),
            service.trouble(lies.without_symbol("^IXIC"), "spark"),
        ),
        said=("1 of 4 late",), but=(("^IXIC", WAITING),), rows=FINE, most=60, gone=("^IXIC",),
    ),
    Scenario(
        "404 for everything", lambda service: service.trouble(troubles.status(404)),
        said=("refused (404)",), error="refused (404)", fetch=4,
    ),
    Scenario(
        "500", lambda service: service.trouble(troubles.status(500, b"oops")),
        said=("server error (500)", "next try"), error="server error (500)", fetch=4,
    ),
    Scenario(
        "503 that asks for three minutes",
        lambda service: service.trouble(troubles.status(503, headers={"Retry-After": "180"})),
        said=("server error (503)",), error="server error (503)", fetch=4, most=6,
    ),
    Scenario(
        "407 from the service itself", lambda service: service.trouble(troubles.status(407)),
        said=("refused (407)",), error="refused (407)",
    ),
    Scenario(
        "204, no content", lambda service: service.trouble(troubles.status(204)),
        said=("an empty answer",), error="an empty answer",
    ),
    Scenario(
        "prices are dead, charts are well", lambda service: service.trouble(troubles.status(500), "spark"),
        said=("prices unanswered", "server error (500)"), error="server error (500)", rows=FINE, most=40, code=0,
    ),
    Scenario(
        "charts are dead, prices are well", lambda service: service.trouble(troubles.status(500), "chart"),
        said=("charts unanswered", "server error (500)"), error="server error (500)", rows=FINE, most=40, code=0,
    ),
)  # fmt: skip
