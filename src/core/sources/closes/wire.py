"""One request for one file: the same proxy and certificates as for prices, a deadline, and a longest answer."""

import warnings
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from .. import Failure
from ..yahoo_causes import moved_failure, status_failure
from ..yahoo_wire import Body, transport_failure

PATIENCE = 15.0
"""Seconds for the whole answer: while one is waited for, nothing else is asked."""
MOST_BYTES = 4 * 1024 * 1024
"""Ten times the longest of these files."""


class Fetch(Protocol):
    """What brings a file, or says why not."""

    def __call__(self, url: str, now: datetime) -> bytes | Failure:
        """One request."""
        ...


def fetch(url: str, now: datetime) -> bytes | Failure:
    """The bytes of one file or why there are none; a redirect is not followed."""
    with warnings.catch_warnings():
        # what the library warns of would land on the monitor's screen
        warnings.simplefilter("ignore")
        from curl_cffi import requests

        body = Body(MOST_BYTES)
        try:
            with requests.Session[requests.Response](impersonate="chrome") as session:
                ask: Callable[..., Any] = session.get
                kept = {"timeout": PATIENCE, "allow_redirects": False, "content_callback": body.take}
                answer = body.received(partial(ask, url, **kept))
        except OSError as problem:
            return transport_failure(problem)
    if 300 <= answer.status_code < 400:
        return moved_failure(answer.status_code, answer.headers.get("Location"))
    failure = status_failure(answer.status_code, answer.headers.get("Retry-After"), now)
    if failure is not None and failure.unknown_symbol:
        return Failure("no such file (404)", 404, of_symbol=True)
    return failure or answer.content
