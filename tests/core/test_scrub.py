"""What is handed on holds no password, no key and nobody's name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.scrub import nameless, only_hosts, proxy_passwords, without_secrets

SECRET = "s3cr.t-W0rd"


@pytest.mark.parametrize(
    "text",
    [
        f"HTTPS_PROXY=http://jane:{SECRET}@proxy.desk:3128",
        f"socks5h://jane:{SECRET}@10.0.0.1",
        f"GET /v8/finance/chart/^RUT?range=5d&crumb={SECRET}&interval=1d",
        f"crumb={SECRET}",
        f'{{"crumb": "{SECRET}", "range": "5d"}}',
        f"{{'api_key': '{SECRET}'}}",
        f"Cookie: A3=d={SECRET}&S=x; B={SECRET}",
        f"set-cookie: A1={SECRET}; Path=/",
        f"A3=d={SECRET}; Secure",
        f"Proxy-Authorization: Basic {SECRET}",
        f'headers {{"Authorization": "Bearer {SECRET}"}}',
        f'webhook = "https://example.net/x/{SECRET}"',
        f'alert_token="{SECRET}"',
        f'  "smtp_password" = "{SECRET}"',
        f'"finding": "alerts = {{\\"webhook\\": \\"https://example.net/{SECRET}\\", \\"x\\": 1"',
        f"posting to https://hooks.chat.example/services/T0/B0/{SECRET} failed",
        f"posting to https://chat.example/api/webhooks/42/{SECRET} failed",
    ],
)
def test_no_secret_is_left(text: str) -> None:
    assert SECRET not in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "time-out; next try 18:16:31 UTC",
        "^RUT 2025-10-17: high below low",
        "https://query1.finance.yahoo.com/v8/finance/chart/%5ERUT?range=5d&interval=1d",
        "feed started: yahoo, store /srv/tapewatch",
        "key levels at 2,417.74",
        "the session: 2025-10-17",
    ],
)
def test_what_is_no_secret_is_left(text: str) -> None:
    assert without_secrets(text) == text


@given(st.text(), st.text(alphabet="abcdefgh0123456789", min_size=12))
def test_a_known_password_is_found_in_any_text(around: str, password: str) -> None:
    known = proxy_passwords({"https_proxy": f"http://jane:{password}@proxy:1", "HOME": "/home/jane"})
    assert known == (password,)
    assert password not in without_secrets(f"{around}{password}{around}", known)


def test_a_password_is_known_as_written_and_as_meant() -> None:
    assert set(proxy_passwords({"ALL_PROXY": "jane:corr%40ct@proxy:1"})) == {"corr%40ct", "corr@ct"}
    assert proxy_passwords({"HTTPS_PROXY": "http://[broken", "HTTP_PROXY": "http://proxy:1"}) == ()


def test_addresses_are_cut_to_their_hosts() -> None:
    said = only_hosts('post = "https://chat.example/in/T0/B0?x=1"\nsite = "http://desk.example/"')
    assert said == 'post = "https://chat.example/***"\nsite = "http://desk.example/"'


def test_nobody_is_named() -> None:
    said = nameless("/home/jane/.config read by jane on desk7, janet too", Path("/home/jane"), "jane", "desk7")
    assert said == "~/.config read by USER on HOST, janet too"
    assert nameless("owner root", Path("/"), "root") == "owner root"
