"""Where files live. Computing a path creates nothing."""

import os
import zlib
from pathlib import Path

import msgspec

APP = "tapewatch"


class Paths(msgspec.Struct, frozen=True):
    """Every place of one store and one user.

    `store` holds what the feed writes for all screens, `state` the log, `config_file` the settings and
    `themes` the user's own themes.
    """

    store: Path
    state: Path
    config_file: Path
    themes: Path

    @property
    def snapshot(self) -> Path:
        """The published snapshot."""
        return self.store / "snapshot.json"

    @property
    def off_board(self) -> "Paths":
        """The same places, with what is published of instruments that are not on the board as the snapshot."""
        return _OffBoard(self.store, self.state, self.config_file, self.themes)

    @property
    def database(self) -> Path:
        """Bars, journal, studies, budget."""
        return self.store / "tapewatch.db"

    @property
    def requests(self) -> Path:
        """Where screens leave what they ask for."""
        return self.store / "requests"

    @property
    def watch_lock(self) -> Path:
        """Shared by every screen; a feed that can take it alone is unwatched."""
        return self.store / "watch.lock"

    @property
    def feed_lock(self) -> Path:
        """Held by the feed; names its pid, version and config."""
        return self.store / "feed.lock"

    @property
    def recaps(self) -> Path:
        """What was written of which week into the folder of recaps."""
        return self.store / "recaps.json"

    @property
    def source_cache(self) -> Path:
        """Private folder of the data service's library."""
        return self.store / "source-cache"

    @property
    def log(self) -> Path:
        """The feed's log; another store than the usual one has another log."""
        mark = "" if self.store.name == APP else f"-{zlib.crc32(os.fsencode(self.store)):08x}"
        return self.state / f"{APP}{mark}.log"


class _OffBoard(Paths, frozen=True):
    @property
    def snapshot(self) -> Path:
        return self.store / "off-board.json"


def default_paths(store: str | os.PathLike[str] | None = None, config: str | os.PathLike[str] | None = None) -> Paths:
    """The platform's places (XDG variables honoured), or the ones given."""
    from platformdirs import PlatformDirs

    places = PlatformDirs(APP, appauthor=False)
    settings = Path(places.user_config_path)
    return Paths(
        store=Path(store).expanduser().absolute() if store else Path(places.user_data_path),
        state=Path(places.user_state_path),
        config_file=Path(config).expanduser().absolute() if config else settings / "config.toml",
        themes=settings / "themes",
    )


def notes_folder() -> Path:
    """The user's data folder, where what a screen writes for its user goes."""
    from platformdirs import PlatformDirs

    return Path(PlatformDirs(APP, appauthor=False).user_data_path)


def private_paths(folder: Path, like: Paths) -> Paths:
    """A store of one screen alone (demo), with the user's own settings and themes."""
    return Paths(store=folder, state=folder, config_file=like.config_file, themes=like.themes)
