"""What each statement and row of a recap is called: the keys of the cursor, which are its paths in the JSON."""

from collections.abc import Iterator

from ..core.model.recap import Part, Recap, Statement, Turn


def heading_key(part: Part) -> str:
    """``parts[week].heading``."""
    return f"parts[{part.key}].heading"


def sentence_key(part: Part, at: int) -> str:
    """``parts[week].sentences[0]``."""
    return f"parts[{part.key}].sentences[{at}]"


def turn_key(turn: Turn) -> str:
    """``turns[above 2519.75]``."""
    return f"turns[{turn.side} {turn.price}]"


def statements(recap: Recap) -> Iterator[tuple[str, Part, Statement]]:
    """Every heading and sentence with its key and part, in the order of the recap."""
    for part in recap.parts:
        yield heading_key(part), part, part.heading
        for at, one in enumerate(part.sentences):
            yield sentence_key(part, at), part, one
