"""Where tests write down what they measured, so that one table can be made of it.

Nothing is written unless the environment variable TAPEWATCH_LEDGER names a file; each note is one line
appended in one write, so that parallel test runs may share the file.
"""

import json
import os
from pathlib import Path
from typing import Any, Literal

VARIABLE = "TAPEWATCH_LEDGER"
Kind = Literal["fault", "kill", "corrupt", "hostile", "freshness", "life", "soak"]


def note(kind: Kind, name: str, **figures: Any) -> None:
    """Write one measurement down: what was done (`name`) and the figures of what became of it."""
    file = os.environ.get(VARIABLE)
    if not file:
        return
    line = json.dumps({"kind": kind, "name": name, **figures}, default=str) + "\n"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read(file: Path) -> list[dict[str, Any]]:
    """Every note of a file, in the order they were written."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
