"""The service is well; the way to it is not."""

from ...fake_yahoo import troubles
from ..scenario import FINE, Scenario

NOBODY = "http://127.0.0.1:9"
NAMELESS = "http://proxy.invalid:3128"

SCENARIOS = (
    Scenario(
        "a slow first byte", lambda service: service.trouble(troubles.slow(30.0)),
        said=("time-out",), error="time-out", minutes=2.5, rows=FINE | {"late"}, timeout=1.5,
    ),
    Scenario(
        "one byte a second", lambda service: service.trouble(troubles.dripping(1.0)),
        said=("time-out",), error="time-out", minutes=2.5, rows=FINE | {"late"}, timeout=1.5, quick=True,
    ),
    Scenario(
        "a reset before the answer", lambda service: service.trouble(troubles.reset()),
        said=("no connection",), error="no connection", fetch=4,
    ),
    Scenario(
        "a reset in mid-answer", lambda service: service.trouble(troubles.cut(400, reset=True)),
        said=("no connection",), error="no connection", fetch=4, quick=True,
    ),
    Scenario(
        "closed in mid-answer", lambda service: service.trouble(troubles.cut(400)),
        said=("no connection",), error="no connection", fetch=4,
    ),
    Scenario(
        "closed after every answer", lambda service: service.trouble(troubles.closing()),
        rows=FINE, code=0, most=40, recovers=60.0,
    ),
    Scenario(
        "cut off between two answers", lambda service: service.line("well"), rows=FINE, code=0, most=40, recovers=60.0,
    ),
    Scenario(
        "a certificate of a stranger", lambda service: service.line("of a stranger"),
        said=("the certificate is not trusted",), error="the certificate is not trusted", fetch=4, most=0,
    ),
    Scenario(
        "a certificate of another host", lambda service: service.line("of another host"),
        said=("the certificate is not trusted",), error="the certificate is not trusted", fetch=4, most=0,
    ),
    Scenario(
        "a certificate out of date", lambda service: service.line("out of date"),
        said=("the certificate is not trusted",), error="the certificate is not trusted", fetch=4, most=0,
    ),
    Scenario(
        "no such name", lambda service: service.elsewhere(NAMELESS),
        said=("its address is not found",), error="its address is not found", fetch=4, most=0,
    ),
    Scenario(
        "connection refused", lambda service: service.elsewhere(NOBODY),
        said=("no connection",), error="no connection", fetch=4, most=0, quick=True,
    ),
    Scenario(
        "a proxy that wants a password", lambda service: service.line("password"),
        said=("the proxy wants a password",), error="the proxy wants a password", fetch=4, most=0,
    ),
    Scenario(
        "a proxy that lets nothing through", lambda service: service.line("no way"),
        said=("the proxy does not let it through",), error="the proxy does not let it through", fetch=4, most=0,
    ),
    Scenario(
        "an hour of nothing", lambda service: service.line("silent"),
        said=("time-out",), error="time-out", minutes=60.0, rows=frozenset({"stale"}), most=0, timeout=1.5,
    ),
)  # fmt: skip
