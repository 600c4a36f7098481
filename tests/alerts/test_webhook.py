"""Webhooks: one POST of JSON with a key that stays the same; each failure has its words."""

import ssl
from pathlib import Path

import pytest
import trustme

from tapewatch.core.alerts.webhook import post
from tapewatch.core.clock import elapsed
from tapewatch.core.model.alert import Firing
from tests.builders import FRIDAY, at

from .post import ENDLESS, NEVER, Post

NOON = at(FRIDAY, 12)
FIRED = Firing(id="f1", alert="up", on="price", time=NOON, text="RUT 2,461.00 is at or above 2,460.00", symbol="^RUT")


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_a_webhook_is_sent_what_happened() -> None:
    with Post(204) as hook:
        assert post(hook.url, FIRED, NOON) == ("", None)
    assert hook.received == [{
        "program": "tapewatch", "schema": 1, "idempotency_key": "f1", "alert": "up", "on": "price", "symbol": "^RUT",
        "time": "2025-10-17T12:00:00-04:00", "text": "RUT 2,461.00 is at or above 2,460.00", "test": False,
    }]  # fmt: skip
    assert hook.heads[0]["Content-Type"] == "application/json"
    assert hook.heads[0]["Idempotency-Key"] == "f1"


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (500, "server error (500)"),
        (404, "refused (404)"),
        (401, "refused (401)"),
        (302, "sent on to another page at elsewhere.example"),
        (ENDLESS, "an answer without an end"),
    ],
)
def test_what_went_wrong_is_said(status: int, cause: str) -> None:
    moved = (("Location", "https://elsewhere.example/login"),) if status == 302 else ()
    with Post(status, headers=moved) as hook:
        assert post(hook.url, FIRED, NOON).cause == cause
    assert len(hook.received) == 1


def test_a_webhook_that_never_answers_is_given_up() -> None:
    begun = elapsed()
    with Post(NEVER) as hook:
        assert post(hook.url, FIRED, NOON, limit=0.5).cause == "time-out"
    assert elapsed() - begun < 10.0


def test_nobody_there_is_no_connection() -> None:
    with Post() as hook:
        url = hook.url
    assert post(url, FIRED, NOON).cause == "no connection"


def test_a_pause_that_is_asked_for_is_heard() -> None:
    with Post(429, headers=(("Retry-After", "77"),)) as hook:
        assert post(hook.url, FIRED, NOON) == ("slowed down (429)", 77.0)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    made = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path / "ca.pem"
    made.cert_pem.write_to_path(str(file))
    return context, file


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"])
def test_certificates_are_those_of_the_environment(
    authority: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    context, file = authority
    for one in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(one, raising=False)
    with Post(secure=context) as hook:
        assert post(hook.url, FIRED, NOON).cause == "no connection (the certificate is not trusted)"
        monkeypatch.setenv(name, str(file))
        assert post(hook.url, FIRED, NOON).cause == ""


def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Post() as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        assert post("http://hooks.example/x", FIRED, NOON).cause == ""
    assert proxy.heads[0]["path"] == "http://hooks.example/x"
