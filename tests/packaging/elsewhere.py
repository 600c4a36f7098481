"""Wheel and source archive, built, compared, installed in an environment elsewhere, and the tests run against that.

`python -m tests.packaging.elsewhere [--fresh] [TEST…]` builds both, and runs tests (`SUBSET` unless some are named)
from the unpacked archive, where no checkout is at hand, against the installed wheel. `--fresh` installs its libraries
from the package index by constraints.txt; otherwise those of the environment this runs in are lent.
"""

import argparse
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUBSET = (
    "tests/tui", "tests/alerts", "tests/end_to_end/test_command_line.py", "tests/end_to_end/test_demo.py",
    "tests/end_to_end/test_screens.py", "tests/table_stakes", "tests/hostile/test_settings.py",
    "tests/test_completions.py", "tests/core/test_settings.py", "tests/core/test_timetable.py",
    "tests/web/test_door.py",
)  # fmt: skip
"""What needs no checkout: the screen, alerts, command line, demo, data in the package."""


def build(source: Path, into: Path, *kinds: str) -> None:
    """Build wheel or sdist of a folder; hatchling is at hand, so nothing is fetched."""
    named = [word for kind in kinds for word in ("-t", kind)]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", into, *named],
        cwd=source,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def only(folder: Path, pattern: str) -> Path:
    """The one file of a kind."""
    (found,) = folder.glob(pattern)
    return found


def names(wheel: Path) -> set[str]:
    """What is in a wheel."""
    with zipfile.ZipFile(wheel) as opened:
        return {one for one in opened.namelist() if not one.endswith("/")}


def unpacked(archive: Path, into: Path) -> Path:
    """The folder that a source archive makes."""
    with tarfile.open(archive) as opened:
        opened.extractall(into, filter="data")
    (found,) = into.iterdir()
    return found


class Elsewhere:
    """An environment in a folder of its own with a wheel in it."""

    def __init__(self, folder: Path, wheel: Path, *, fresh: bool = False) -> None:
        self.folder, self.python = folder, folder / "bin" / "python"
        venv.create(folder, with_pip=False, symlinks=True)
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet"]
        if fresh:
            subprocess.run([*pip, "-c", ROOT / "constraints.txt", f"{wheel}[dev]"], check=True)
            return
        subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
        # a folder named in a .pth file lends its libraries, and not what its own .pth files say: no checkout
        lent = Path(sysconfig.get_path("purelib"))
        (self._site() / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")

    def _site(self) -> Path:
        return only(self.folder / "lib", "python*") / "site-packages"

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        """`tapewatch` as its users call it, from a folder that is no checkout."""
        return self._run([self.folder / "bin" / "tapewatch", *words], environment)

    def value(self, script: str) -> str:
        """What a line of Python prints there."""
        return self._run([self.python, "-P", "-c", script], {}).stdout.strip()

    def _run(self, command: list[str | Path], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        clean = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | environment
        return subprocess.run(command, cwd=self.folder, env=clean, capture_output=True, text=True, check=False)

    def tests(self, source: Path, *named: str) -> int:
        """Run tests of an unpacked source archive against what is installed here; their exit code."""
        command: list[str | Path] = [
            self.python,
            "-P",
            "-m",
            "pytest",
            "-q",
            "-n",
            "1",
            "-p",
            "no:cacheprovider",
            *named,
        ]
        return subprocess.run(command, cwd=source, check=False).returncode


def main() -> int:
    """Build, install elsewhere, test."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--fresh", action="store_true", help="libraries from the package index")
    parser.add_argument("tests", nargs="*", default=SUBSET)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(ROOT, folder / "dist", "sdist", "wheel")
        source = unpacked(only(folder / "dist", "*.tar.gz"), folder / "unpacked")
        build(source, folder / "again", "wheel")
        if names(only(folder / "dist", "*.whl")) != names(only(folder / "again", "*.whl")):
            sys.stderr.write("the source archive builds another wheel\n")
            return 1
        place = Elsewhere(folder / "elsewhere", only(folder / "again", "*.whl"), fresh=chosen.fresh)
        sys.stdout.write(f"installed: {place.value('import tapewatch; print(tapewatch.__file__)')}\n")
        sys.stdout.flush()
        return place.tests(source, *chosen.tests)


if __name__ == "__main__":
    sys.exit(main())
