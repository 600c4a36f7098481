"""One file with everything a report of a fault needs, readable by its owner alone, and nothing to be ashamed of.

Every text goes through :func:`_shown` on its way in: passwords, crumbs, cookies and keys are hidden, addresses
outside the log cut to their hosts, the home folder is ``~`` and the names of user and machine are taken out.
"""

import contextlib
import io
import os
import platform
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import __version__
from .doctor import Case, Check, in_json, in_words
from .files import open_file, read_file
from .log import older
from .scrub import nameless, only_hosts, proxy_passwords, user_name, without_secrets

LOG_END = 200_000
"""Bytes of each log that are put in: its end."""
LARGEST = 20_000_000
"""Bytes of any other file that are put in: what is larger is no file of ours."""
TOLD = (
    "TERM", "COLORTERM", "TERM_PROGRAM", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "NO_COLOR", "COLUMNS", "LINES", "TMUX",
    "SSH_CONNECTION", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY",
    "no_proxy", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
    "XDG_STATE_HOME", "PYTHONPATH", "PYTHONWARNINGS", "TEXTUAL", "TEXTUAL_DRIVER",
)  # fmt: skip
"""Variables of the environment that may matter; no other is looked at."""
SET = ("TMUX", "SSH_CONNECTION")
"""Of these only whether they are set."""

Part = tuple[str, Callable[[], str]]


def write_bundle(file: Path, checks: tuple[Check, ...], case: Case) -> Check:
    """Write everything into a new zip file for its owner alone, never over another; what is inside is listed.

    Made whole in memory first: a part that cannot be had says why, and a full disk leaves nothing behind.
    """
    parts = dict(_shown_parts(checks, case))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in parts.items():
            bundle.writestr(name, text.encode(errors="replace"))
    try:
        _write_new(file, made.getvalue())
    except OSError as fault:
        finding = f"{file} could not be written: {fault.strerror or fault}"
        return Check(name="bundle", state="fail", finding=finding, remedy="name a new file where there is room")
    finding = f"{file} holds {', '.join(parts)}; no passwords, keys or names: look before you send it"
    return Check(name="bundle", state="ok", finding=finding)


def _write_new(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            raw.write(content)
    except OSError:
        with contextlib.suppress(OSError):
            file.unlink()
        raise


# -- what is inside -----------------------------------------------------------------------------------------


def _shown_parts(checks: tuple[Check, ...], case: Case) -> Iterator[tuple[str, str]]:
    for name, made in _parts(checks, case):
        try:
            text = made()
        except FileNotFoundError:
            continue
        except Exception as fault:  # every part is worth having without the others
            text = f"could not be read: {type(fault).__name__}: {fault}\n"
        # addresses of the log are those of the data service, and their paths say what was asked
        yield name, _shown(text if name.startswith("log") else only_hosts(text), case)


def _parts(checks: tuple[Check, ...], case: Case) -> Iterator[Part]:
    paths = case.paths
    yield "doctor.txt", lambda: in_words(checks)
    yield "doctor.json", lambda: in_json(checks)
    yield "about.txt", lambda: _about(case)
    yield "settings.toml", lambda: _end(paths.config_file, links=True)
    yield "store.txt", lambda: _store(case)
    yield "health.json", lambda: _health(case)
    yield "snapshot.json", lambda: _end(paths.snapshot)
    yield "log.txt", lambda: _end(paths.log, LOG_END)
    yield "log-older.txt", lambda: _end(older(paths.log), LOG_END)


def _shown(text: str, case: Case) -> str:
    text = without_secrets(text, proxy_passwords(case.terminal.environment))
    home = case.terminal.environment.get("HOME") or os.path.expanduser("~")
    return nameless(text, Path(home), user_name(), platform.node())


def _end(file: Path, most: int = 0, *, links: bool = False) -> str:
    """A text file, or the last `most` bytes of it from the beginning of a line on."""
    # of links only the settings' are followed: another would put what it points to into the report
    with open_file(file, links=links) as raw:
        size = os.fstat(raw.fileno()).st_size
        if not most and size > LARGEST:
            return f"no file of ours: {size:,} bytes\n"
        cut = bool(most) and size > most
        raw.seek(size - most if cut else 0)
        content = raw.read(most or LARGEST)
    # half a line may be half a secret
    return (content.partition(b"\n")[2] if cut else content).decode(errors="replace")


def _about(case: Case) -> str:
    env = case.terminal.environment
    lines = [
        f"tapewatch {__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"written {case.now:%Y-%m-%dT%H:%M:%SZ}",
        f"terminal {case.terminal.size}, {case.terminal.encoding}",
        *(f"{name}={'(set)' if name in SET else env[name]}" for name in TOLD if name in env),
    ]
    return "\n".join(lines) + "\n"


def _health(case: Case) -> str:
    """What the feed said last of its source, apart from the prices."""
    import msgspec

    found = msgspec.json.decode(read_file(case.paths.snapshot, LARGEST, links=False))
    kept = {key: found.get(key) for key in ("schema", "version", "mode", "as_of", "clock", "producer", "health")}
    return msgspec.json.format(msgspec.json.encode(kept), indent=2).decode() + "\n"


def _store(case: Case) -> str:
    """Files with sizes and rights, the database's layout and how many rows each table has; no bars."""
    store = case.paths.store
    if not store.is_dir():
        raise FileNotFoundError(store)
    lines = [*_files(store), "", *_tables(case)]
    return "\n".join(lines) + "\n"


def _files(store: Path) -> Iterator[str]:
    for one in sorted(store.iterdir()):
        found = one.lstat()
        stamp = f"{found.st_mode:06o} uid {found.st_uid} {found.st_size:>13,} bytes"
        yield f"{stamp}  {one.name}{'/' if one.is_dir() else ''}"


def _tables(case: Case) -> Iterator[str]:
    import sqlite3

    from .store.schema import StoreError, reading

    try:
        with reading(case.paths.database) as database:
            layout = database.execute("PRAGMA user_version").fetchone()[0]
            whole = database.execute("PRAGMA quick_check(3)").fetchall()
            yield f"layout {layout}; quick check: {'; '.join(str(row[0]) for row in whole)}"
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (name,) in names:
                count = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                yield f"{count:>9,} rows in {name}"
    except (StoreError, sqlite3.Error) as problem:
        yield f"the database: {problem}"
