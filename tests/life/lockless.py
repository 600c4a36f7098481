"""A process in which no file can be locked, as on a network drive without a lock service (Linux).

The kernel itself refuses `flock` from then on, in this process and its children; nothing of ours is replaced.
"""

import ctypes
import errno
import platform
import struct

FLOCK = {"x86_64": 73, "aarch64": 32}
"""Number of the system call, by machine."""
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def refuse_locks() -> None:
    """From now on `flock` fails with ENOLCK. Raises OSError where the kernel takes no filter."""
    steps = ((_LOAD, 0, 0, 0), (_EQUAL, 0, 1, FLOCK[platform.machine()]), (_RETURN, 0, 0, _REFUSE | errno.ENOLCK),
             (_RETURN, 0, 0, _ALLOW))  # fmt: skip
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or library.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "no filter of system calls can be set")
