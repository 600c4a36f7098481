"""A table on paper, before it is written as text or Markdown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A title that says on what basis, headings, and rows of text; `left` columns are not numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset({0})
