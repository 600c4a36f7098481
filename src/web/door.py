"""Who may come in: the one who has this start's link, by the name of this machine, from the page served here."""

import hmac
import secrets
from collections.abc import Mapping

NAMES = ("127.0.0.1", "localhost")
"""What this machine is called here. Any other name is another's that was turned upon this machine (DNS rebinding)."""

NO_LINK = "This is not the link that `tapewatch web` printed.\n"
NO_NAME = "Only requests to 127.0.0.1 or localhost are answered.\n"
NO_ORIGIN = "Only the page served here may open a screen.\n"


def new_token() -> str:
    """A word nobody guesses, for one start: 256 bits."""
    return secrets.token_urlsafe(32)


def own_name(host: str) -> bool:
    """Whether a Host header names this machine; the port may be a tunnel's."""
    name, colon, port = host.partition(":")
    return name.lower() in NAMES and (not colon or (port.isascii() and port.isdigit()))


def has_token(path: str, token: str) -> bool:
    """Whether the first part of a path is the token, found out without telling how much of it was right."""
    first = path.removeprefix("/").partition("/")[0]
    return hmac.compare_digest(first.encode(errors="replace"), token.encode())


def same_origin(host: str, origin: str | None) -> bool:
    """Whether a browser says that the page which asks was served from here; a caller that says nothing is none."""
    return origin is not None and hmac.compare_digest(
        origin.lower().encode(errors="replace"), f"http://{host}".lower().encode()
    )


def refusal(path: str, headers: Mapping[str, str], token: str) -> str | None:
    """Why a request is refused, None where it may come in. Who has no link learns nothing else."""
    host = headers.get("Host", "")
    if not own_name(host):
        return NO_NAME
    if not has_token(path, token):
        return NO_LINK
    asks_socket = "upgrade" in {name.lower() for name in headers} or path.endswith("/ws")
    if asks_socket and not same_origin(host, headers.get("Origin")):
        return NO_ORIGIN
    return None


def guards(host: str) -> dict[str, str]:
    """Headers of every answer: nothing from elsewhere, in no frame, kept nowhere, and the link told to nobody."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' ws://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Server": "tapewatch",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
