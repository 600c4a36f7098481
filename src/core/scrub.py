"""Taking out of a text what nobody else may read: passwords, cookies, keys, and who the user is."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

HIDDEN = "***"
"""What stands where a secret stood."""

_NAMES = (
    r"(?:[\w-]*(?:crumb|token|api[_-]?key|passw(?:or)?d|passwd|pwd|secret|signature|credential|webhook)[\w-]*"
    r"|sig|auth|key|cookie|session[_-]?id)"
)
_QUOTE = r"\\*[\"']"  # in JSON within JSON quotes carry strokes
_VALUE = r"(?:\\*\"[^\"\n]*\"?|\\*'[^'\n]*'?|[^\s&\"',;)}\\]+)"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # the user of an address, with or without a password
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/?#\"']*@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    # whole headers: up to the end of the line, or of the quotes they stand in
    (
        re.compile(
            rf"\b((?:proxy-)?authorization|(?:set-)?cookie2?)((?:{_QUOTE})?\s*[:=]\s*)(?:\"[^\"]*\"|'[^']*'|[^\r\n\"'}}]+)",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
    # name=value and "name": "value", in queries, settings and JSON
    (
        re.compile(rf"([?&\s\"'{{,;(]|^)({_NAMES})((?:{_QUOTE})?\s*[=:]\s*){_VALUE}", re.IGNORECASE | re.MULTILINE),
        rf"\1\2\3{HIDDEN}",
    ),
    # the data service's cookies wherever they stand
    (re.compile(r"\b(A1S?|A3|GUCS?|cmp|PRF)=[^;\s\"',]+"), rf"\1={HIDDEN}"),
    # addresses that are themselves the key: whoever knows them may write
    (
        re.compile(r"(\bhttps?://(?:hooks\.|[^\s/\"']*/(?:api/)?(?:web)?hooks?/)[^\s/\"']*)[^\s\"']*", re.IGNORECASE),
        rf"\1/{HIDDEN}",
    ),
)
_ADDRESS = re.compile(r"\b(https?://)([^\s/\"'?#]+)([^\s\"']*)", re.IGNORECASE)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """The text with passwords, crumbs, cookies and keys hidden, and whatever else is `known` to be one."""
    for one in known:
        text = text.replace(one, HIDDEN)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def proxy_passwords(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The passwords of the proxies that an environment names, as they stand there and decoded; longest first."""
    found: set[str] = set()
    for name, value in environment.items():
        if name.lower() not in _PROXIES:
            continue
        address = value if "//" in value else f"//{value}"
        try:
            password = urlsplit(address).password or ""
        except ValueError:
            continue
        # a word as short as a port or a host would be hidden where it means something else
        found |= {one for one in (password, unquote(password)) if len(one) > 3}
    return tuple(sorted(found, key=len, reverse=True))


def only_hosts(text: str) -> str:
    """Every address cut down to its host: of settings, where a path may be the key to somewhere."""
    return _ADDRESS.sub(lambda found: found[1] + found[2] + (f"/{HIDDEN}" if len(found[3]) > 1 else found[3]), text)


def nameless(text: str, home: Path | None, user: str | None, host: str | None = None) -> str:
    """The text with the home folder as ``~`` and the names of user and machine taken out."""
    if home is not None and len(home.parts) > 1:
        text = text.replace(str(home), "~")
    for name, instead in ((user, "USER"), (host, "HOST")):
        # nobody is found by being root, and a name of two letters is part of too many words
        if name and len(name) > 2 and name not in ("root", "localhost"):
            text = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", instead, text)
    return text


def user_name() -> str | None:
    """The name of the account, None where it has none."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return None
