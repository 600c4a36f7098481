"""Commands run in this process, with places of their own."""

from pathlib import Path

import pytest

from tapewatch.cli import run

from .said import Command, Said


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command; usage errors leave through SystemExit as they do in a shell."""
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))

    def said(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            code = run([str(one) for one in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        found = capsys.readouterr()
        assert "Traceback" not in found.err
        return Said(code, found.out, found.err)

    return said
