"""Why a folder cannot be written or a file cannot grow: SQLite says ``disk I/O error`` of a full disk and a limit."""

import os
import resource
from pathlib import Path

LEAST = 128 * 1024
"""Bytes: with less than this left a write of the database, its log and its index of the log may not fit."""
SUFFIXES = ("", "-wal", "-shm")


def unwritable(folder: Path) -> str | None:
    """Why nothing can be written in a folder, None where that is possible or cannot be told."""
    try:
        if os.statvfs(folder).f_flag & os.ST_RDONLY:
            return "read-only file system"
    except OSError:
        return None
    return None if os.access(folder, os.W_OK | os.X_OK) else "its owner or its rights forbid it"


def no_room(database: Path) -> str | None:
    """Why nothing more can be written beside a database, None where that is not the reason."""
    try:
        found = os.statvfs(database.parent)
    except OSError:
        return None
    if found.f_bavail * found.f_frsize < LEAST:
        return "no room is left on its disk"
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit != resource.RLIM_INFINITY and limit < _largest(database) + LEAST:
        return f"no file may be larger than {limit / 1000:,.0f} kB here (ulimit -f)"
    return None


def _largest(database: Path) -> int:
    files = [database.with_name(database.name + suffix) for suffix in SUFFIXES]
    return max((one.stat().st_size for one in files if one.exists()), default=0)
