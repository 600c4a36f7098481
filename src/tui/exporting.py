"""What a screen writes for its user: the recap as a Markdown file."""

from ..core.model.recap import Recap
from ..core.paths import notes_folder
from .recap_report import printed_recap


def export_recap(recap: Recap) -> str:
    """Write the recap into the user's data folder; the sentence says where, or why not."""
    path = notes_folder() / f"tapewatch-recap-{recap.monday}.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(printed_recap(recap, "markdown"), encoding="utf-8")
    except OSError as problem:
        return f"Not written: {problem.filename or path}: {problem.strerror or problem}."
    return f"Written to {path}."
