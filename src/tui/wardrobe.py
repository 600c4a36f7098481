"""The themes there are, looked at while the monitor runs, and what becomes of one that is spoilt while it is worn."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.config import Problem
from ..core.model.theme import Theme
from .themes import MOST, Shelf, Themes, load_themes

Stamp = tuple[int, int, int, int] | None
STAY = "its colours stay as they were"


class Wardrobe(Struct, frozen=True):
    """Every theme by name, what was wrong with the user's files, and how folder and files looked when they were read.

    `files` are those a theme of the user's takes its colours from. `held` is the theme that stays on as it was, since
    its file has been spoilt or has gone.
    """

    folder: Path
    themes: Themes
    problems: tuple[Problem, ...]
    files: Mapping[str, tuple[Path, ...]]
    stamps: Mapping[Path, Stamp]
    held: str = ""


def filled(folder: Path) -> Wardrobe:
    """The packaged themes and those of the user's folder as they are now."""
    stamps: dict[Path, Stamp] = {folder: _stamp(folder)}
    if stamps[folder] is not None:
        # before they are read: what changes meanwhile is found at the next look
        stamps |= {one: _stamp(one) for one in sorted(folder.glob("*.toml"))[:MOST]}
    themes, problems = load_themes(folder)
    files: Mapping[str, tuple[Path, ...]] = themes.origins if isinstance(themes, Shelf) else {}
    return Wardrobe(folder, themes, problems, files, stamps)


def has_changed(now: Wardrobe, worn: str) -> bool:
    """Whether the folder, the files of the theme worn or one that has faults are others than were read.

    One `stat` each: of the folder alone where the theme is a packaged one and nothing is wrong.
    """
    looked_at = {now.folder, *now.files.get(worn, ()), *(Path(one.file) for one in now.problems)}
    return any(_stamp(one) != now.stamps.get(one) for one in looked_at)


def holding(now: Wardrobe, before: Wardrobe, worn: str) -> Wardrobe:
    """The wardrobe in which a theme of the user's, spoilt or gone while it is worn, keeps the colours it had."""
    files = before.files.get(worn, ())
    if not files:
        return now
    ours = {str(one) for one in (*files, *now.files.get(worn, ()))}
    spoilt = [one for one in now.problems if one.file in ours]
    if not spoilt and worn in now.themes:
        return now
    others = tuple(one for one in now.problems if one.file not in ours)
    told = tuple(replace(one, instead=STAY) for one in spoilt) or (_gone(files[0]),)
    kept = _with(now.themes, worn, before.themes[worn])
    return replace(now, themes=kept, problems=(*told, *others), files={**now.files, worn: files}, held=worn)


def _with(themes: Themes, name: str, theme: Theme) -> Themes:
    return themes.under({name: theme}) if isinstance(themes, Shelf) else {**themes, name: theme}


def _gone(file: Path) -> Problem:
    return Problem(file=str(file), key="", value="", expected=f"is not there any more; {STAY}")


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
