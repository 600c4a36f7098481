"""Where real bars lie, and a store made of them once a run."""

from pathlib import Path

import pytest
from hypothesis import settings

from tapewatch.core.bars import Bars
from tapewatch.core.importing import import_paths
from tapewatch.core.oneshot import stored_bars
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import INSTRUMENTS

# the same examples in every run, however slow the machine
settings.register_profile("tapewatch", deadline=None, derandomize=True, max_examples=60, database=None)
settings.load_profile("tapewatch")

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def daily_folder() -> Path:
    """Real daily bars of ten instruments."""
    folder = SHARED / "daily"
    if not folder.is_dir():
        pytest.skip("the real daily bars lie beside the project, and are not here")
    return folder


@pytest.fixture(scope="session")
def intraday_folder() -> Path:
    """Real 5-minute bars of three days."""
    folder = SHARED / "intraday"
    if not folder.is_dir():
        pytest.skip("the real 5-minute bars lie beside the project, and are not here")
    return folder


@pytest.fixture(scope="session")
def real_store(daily_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A store into which all real daily bars were imported."""
    paths = default_paths(tmp_path_factory.mktemp("store"))
    said: list[str] = []
    assert import_paths(paths, [daily_folder], INSTRUMENTS, said.append) == 0, said
    return paths


@pytest.fixture(scope="session")
def real(real_store: Paths) -> dict[str, Bars]:
    """Real daily bars by symbol."""
    return stored_bars(real_store)
