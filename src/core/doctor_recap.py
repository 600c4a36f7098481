"""Check of the folder into which the feed writes recaps."""

from collections.abc import Iterator

from .doctor import Case, Check
from .recap_keeping import folder_problem, ledger


def recaps(case: Case) -> Iterator[Check]:
    """Whether the folder is there and takes files, and what the last try of the feed came to."""
    folder = case.config.feed.recap_folder
    if not folder:
        return
    found = ledger(case.paths)
    problem = folder_problem(folder) or found.problem
    if problem:
        remedy = (
            "make the folder, or room in it, or name another as [feed] recap_folder; the feed tries again by itself"
        )
        yield Check(name="recaps", state="warn", finding=problem, remedy=remedy)
        return
    last = max(found.weeks, default=None)
    said = f"last written: {found.weeks[last].name}" if last else "none written yet"
    yield Check(name="recaps", state="ok", finding=f"each finished week into {folder}; {said}")
