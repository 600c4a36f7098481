"""The settings file of a feed that runs: what it says now, and that a broken one costs nothing of what was good."""

from pathlib import Path

from .model.config import Config, Problem
from .model.harmless import harmless
from .settings import Watched, load


class Followed:
    """A settings file that is followed while a feed runs; a look costs one `stat`.

    `config` is the last of it that could be read, `problem` why the newest cannot be (empty where it can), and
    `left_out` what else of the newest is not taken.
    """

    def __init__(self, path: Path, config: Config) -> None:
        self._path, self._watched = path, Watched(path)
        # the file may have changed, or been made, while the feed was being built
        self._pending = config.path == harmless(str(path)) or path.exists()
        self._blank_before = False
        self.config = config if self._pending else load(path)[0]
        self.problem, self.left_out = "", tuple[Problem, ...]()

    def look(self) -> bool:
        """Whether the file says something else than at the last look, or something that cannot be read."""
        self._pending |= self._watched.changed()
        if not self._pending or self._may_be_half_written():
            return False
        self._pending = False
        config, problems = load(self._path)
        before = self.config, self.problem
        if config.path is None and problems:
            self.problem = f"{problems[0]}; the settings before stay in force"
        else:
            self.config, self.problem, self.left_out = config, "", problems
        return before != (self.config, self.problem)

    def _may_be_half_written(self) -> bool:
        """A file that is gone or empty is believed at the second look: some editors write it anew from there."""
        try:
            blank = not self._path.stat().st_size
        except OSError:
            blank = True
        first, self._blank_before = blank and not self._blank_before and self.config.path is not None, blank
        return first


def store_part(config: Config) -> tuple[object, ...]:
    """What of the settings belongs to a store and its feed, but for the alerts."""
    return config.instruments, config.rules, config.levels, config.feed


def changes(before: Config, after: Config) -> str:
    """What is other than it was, in a few words for the log."""
    come = [one.short for one in after.followed if one.symbol not in {old.symbol for old in before.followed}]
    gone = [old.short for old in before.followed if old.symbol not in {one.symbol for one in after.followed}]
    said = [f"{', '.join(come)} come" if come else "", f"{', '.join(gone)} gone" if gone else ""]
    if before.instruments != after.instruments and not come and not gone:
        said.append("the instruments")
    said += [name for name in ("rules", "levels", "feed") if getattr(before, name) != getattr(after, name)]
    return "; ".join(filter(None, said)) or "nothing that is judged"
