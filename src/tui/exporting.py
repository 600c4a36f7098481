"""What a screen writes for its user: the recap as a Markdown file."""

from ..core.channel import ChannelError, make_private, write_atomically
from ..core.model.recap import Recap
from ..core.paths import notes_folder
from .recap_report import printed_recap


def export_recap(recap: Recap) -> str:
    """Write the recap into the user's data folder; the sentence says where, or why not.

    The file is the user's alone. A link in its place is replaced and not followed.
    """
    path = notes_folder() / f"tapewatch-recap-{recap.monday}.md"
    try:
        make_private(path.parent)
        write_atomically(path, printed_recap(recap, "markdown").encode(errors="replace"))
    except ChannelError as problem:
        return f"Not written: {problem}."
    except OSError as problem:
        return f"Not written: {path}: {problem.strerror or problem}."
    return f"Written to {path}."
