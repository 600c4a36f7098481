"""One file with everything a report of a fault needs, readable by its owner alone."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .doctor import Case, Check, in_json, in_words

LOG_END = 200_000
"""Bytes of the log that are put in: its end."""


def write_bundle(file: Path, checks: tuple[Check, ...], case: Case) -> Check:
    """Write checks, settings, snapshot and the end of the log into a new zip file; never over another."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in _contents(checks, case):
                made.writestr(name, content)
    except OSError as fault:
        finding = f"{file} could not be written: {fault.strerror or fault}"
        return Check(name="bundle", state="fail", finding=finding, remedy="name a new file")
    finding = f"{file} holds these checks, your settings, the snapshot and the log; look before you send it"
    return Check(name="bundle", state="ok", finding=finding)


def _contents(checks: tuple[Check, ...], case: Case) -> Iterator[tuple[str, bytes]]:
    yield "doctor.txt", in_words(checks).encode()
    yield "doctor.json", in_json(checks).encode()
    files = ((case.paths.config_file, 0), (case.paths.snapshot, 0), (case.paths.log, LOG_END))
    for path, end in files:
        try:
            content = path.read_bytes()
        except OSError:
            continue
        yield path.name, content[-end:] if end else content
