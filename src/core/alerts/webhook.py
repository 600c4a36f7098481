"""Telling an alert to a webhook: one POST of JSON, the same proxy and certificates as for prices, a deadline."""

import os
import warnings
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from ... import __version__
from ..model.alert import Firing
from ..sources.yahoo_causes import moved_failure, seconds_of
from ..sources.yahoo_wire import Body, TooLongError, transport_failure

LIMIT = 15.0
"""Seconds for the whole answer."""
LONGEST = 64 * 1024
"""Bytes of an answer: none of it is used."""
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
"""Where a file of certificates to trust may be named; the first that is set is in force."""
PATIENCE = 3600.0
"""Seconds: a longer pause that a webhook asks for is cut to this."""


class Answer(NamedTuple):
    """How it went: `cause` is empty where the webhook took it; `pause` the seconds it asks to be left alone for."""

    cause: str
    pause: float | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a webhook is sent. `idempotency_key` is the same however often one firing is sent."""

    program: str = "tapewatch"
    schema: int = 1
    idempotency_key: str
    alert: str
    on: str
    symbol: str | None
    time: datetime
    text: str
    test: bool


def message(firing: Firing) -> bytes:
    """The JSON of one firing."""
    made = Message(
        idempotency_key=firing.id, alert=firing.alert, on=firing.on, symbol=firing.symbol or None,
        time=firing.time, text=firing.text, test=firing.test,
    )  # fmt: skip
    return msgspec.json.encode(made)


def post(url: str, firing: Firing, now: datetime, limit: float = LIMIT) -> Answer:
    """Send one firing; a redirect is not followed, and what is answered is not read."""
    headers = {
        "Content-Type": "application/json", "Idempotency-Key": firing.id, "User-Agent": f"tapewatch/{__version__}",
    }  # fmt: skip
    with warnings.catch_warnings():
        # what the library warns of would land in the log without a word of whose it is
        warnings.simplefilter("ignore")
        try:
            return _sent(url, message(firing), headers, now, limit)
        except TooLongError:
            return Answer("an answer without an end")
        except OSError as problem:
            return Answer(transport_failure(problem).cause)


def _sent(url: str, content: bytes, headers: dict[str, str], now: datetime, limit: float) -> Answer:
    from curl_cffi import requests

    body = Body(LONGEST)
    # a file is taken too, which the library's types do not say
    trusted: Any = next((file for name in CERTIFICATES if (file := os.environ.get(name))), True)
    with requests.Session[requests.Response](verify=trusted) as session:
        kept: dict[str, Any] = {"timeout": limit, "allow_redirects": False, "content_callback": body.take}
        answer = body.received(lambda: session.post(url, data=content, headers=headers, **kept))
    return _judged(answer.status_code, answer.headers, now)


def _judged(status: int, headers: Any, now: datetime) -> Answer:
    if 200 <= status < 300:
        return Answer("")
    if 300 <= status < 400:
        return Answer(moved_failure(status, headers.get("Location")).cause)
    pause = seconds_of(headers.get("Retry-After"), now)
    pause = None if pause is None else min(pause, PATIENCE)
    if status == 429:
        return Answer("slowed down (429)", pause)
    return Answer(f"server error ({status})" if status >= 500 else f"refused ({status})", pause)
