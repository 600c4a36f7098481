"""Seeing a file event at once: the n-th file of a name that a process makes, writes or renames (Linux)."""

import ctypes
import os
import select
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

CREATED, MODIFIED, MOVED = 0x100, 0x2, 0x80
_HEAD = struct.Struct("iIII")


class Watching:
    """Events of one folder, in the order in which the kernel tells them."""

    def __init__(self, folder: Path) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        if not hasattr(library, "inotify_init1"):
            pytest.skip("this system tells no file events")
        self._handle = int(library.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        self._watch = library.inotify_add_watch(self._handle, bytes(folder), CREATED | MODIFIED | MOVED)
        assert self._watch >= 0, os.strerror(ctypes.get_errno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    def seen(self, what: int, name: str, seconds: float) -> bool:
        """Whether within so long something happened to a file of this name; returns at once when it has.

        A name that begins with a dot is the beginning of one.
        """
        if not select.select([self._handle], [], [], seconds)[0]:
            return False
        data, at = os.read(self._handle, 65536), 0
        while at < len(data):
            _, mask, _, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size
            found = data[at : at + length].rstrip(b"\0").decode()
            if mask & what and (found == name or (name[0] == "." and found.startswith(name))):
                return True
            at += length
        return False
