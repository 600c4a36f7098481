"""Who may come in, by the rules alone."""

import pytest

from tapewatch.web.door import NO_LINK, NO_NAME, NO_ORIGIN, guards, has_token, new_token, own_name, refusal

TOKEN = new_token()


def asked(path: str, host: str = "127.0.0.1:8421", **headers: str) -> str | None:
    return refusal(path, {"Host": host, **headers}, TOKEN)


def test_the_link_opens_the_page_by_either_name_of_this_machine_and_through_a_tunnel() -> None:
    for host in ("127.0.0.1:8421", "localhost:8421", "LOCALHOST", "localhost:9000"):
        assert asked(f"/{TOKEN}/", host) is None, host


def test_without_the_whole_link_nothing_is_served() -> None:
    for path in ("/", "", f"/{TOKEN[:-1]}/", f"/{TOKEN}x/", f"//{TOKEN}/", "/static/js/textual.js", "/ws"):
        assert asked(path) == NO_LINK, path


ELSEWHERE = (
    "evil.example", "evil.example:8421", "127.0.0.1.evil.example", "localhost.evil.example:1", "", "127.0.0.1:x",
    "0.0.0.0", "[::1]:1",
)  # fmt: skip


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_name_turned_upon_this_machine_is_refused_even_with_the_link(host: str) -> None:
    assert asked(f"/{TOKEN}/", host) == NO_NAME
    assert not own_name(host)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://127.0.0.1:9999", "http://localhost:8421", "null", "", "https://127.0.0.1:8421"],
)
def test_a_page_from_elsewhere_opens_no_screen(origin: str) -> None:
    assert asked(f"/{TOKEN}/ws", Upgrade="websocket", Origin=origin) == NO_ORIGIN


def test_a_caller_that_hides_its_origin_opens_no_screen_and_the_own_page_does() -> None:
    assert asked(f"/{TOKEN}/ws") == NO_ORIGIN
    assert asked(f"/{TOKEN}/ws", Upgrade="websocket", Origin="http://127.0.0.1:8421") is None


def test_words_in_any_script_are_no_token_and_no_error() -> None:
    assert not has_token("/Ж\ud800/", TOKEN)


def test_tokens_are_long_and_never_the_same() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 43


def test_a_page_may_load_nothing_but_its_own_parts_and_stand_in_no_frame() -> None:
    policy = guards("127.0.0.1:1")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "*" not in policy
    assert "https:" not in policy
