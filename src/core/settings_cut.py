"""A settings file as text cut at its headings, so that one block can be changed without touching another byte.

Only the block that is changed is given to the editing library; the rest is put back as it was read.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from .settings_text import toml

BlockValue = bool | float | str | date | tuple[str, ...] | Mapping[str, float | bool | str] | None
"""What one key of a block holds; None is a key that is not there."""
Fields = Mapping[str, BlockValue]
Table = dict[str, Any]

MOST_READ = 20_000
"""Lines read again because a line that looks like a heading was none: a file of many more is left alone."""


class ByHandError(Exception):
    """The text cannot be changed here without a risk to what else it says."""


class Block(NamedTuple):
    """One ``[[section]]`` block: its pieces, from the first up to but not with the last, and what it says."""

    first: int
    last: int
    table: Table


def cut(text: str) -> list[str]:
    """What stands before the first heading, then a piece for each heading; joined they are the text."""
    pieces, held, read = list[str](), list[str](), 0
    for line in _lines(text):
        if line.lstrip(" \t").startswith("["):
            read += len(held)
            # inside a text or a list over several lines it is no heading
            if _parsed("".join(held)) is not None:
                pieces.append("".join(held))
                held, read = [], 0
            elif read > MOST_READ:
                raise ByHandError
        held.append(line)
    return [*pieces, "".join(held)]


def _lines(text: str) -> list[str]:
    # what else breaks a line for Python is an ordinary letter in TOML
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), rest]


def _parsed(text: str) -> Table | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def blocks(pieces: list[str], section: str) -> list[Block]:
    """The blocks of a section, in the order of the file."""
    found: list[Block] = []
    for number, piece in enumerate(pieces[1:], 1):
        value = (_parsed(piece) or {}).get(section)
        if isinstance(value, list):
            found.append(Block(number, number + 1, cast("list[Table]", value)[0]))
        elif isinstance(value, dict) and found and found[-1].last == number:
            start = found[-1].first
            whole = cast("list[Table]", (_parsed("".join(pieces[start : number + 1])) or {}).get(section, [{}]))
            found[-1] = Block(start, number + 1, whole[0])
    return found


def changed(text: str, block: Block, section: str, fields: Fields) -> str:
    """The text with keys of one block set, or taken away where they are None."""
    pieces = cut(text)
    body, tail = _parted("".join(pieces[block.first : block.last]))
    body = _retold(body, section, fields) if body else body
    return "".join((*pieces[: block.first], body, tail, *pieces[block.last :]))


def dropped(text: str, block: Block) -> str:
    """The text without a block; the comments around it stay."""
    pieces = cut(text)
    _, tail = _parted("".join(pieces[block.first : block.last]))
    before, after = "".join(pieces[: block.first]), "".join((tail, *pieces[block.last :]))
    if not after.strip("\r\n") or after.startswith(("\n", "\r\n")) or not before:
        # of the two empty lines that stood around it one is left
        before = before[: -len(_break(before))] if _ends_empty(before) else before
    return before + after


def added(text: str, section: str, tables: list[Fields]) -> str:
    """The text with blocks more: behind the last of their section, or at the end."""
    pieces = cut(text)
    last = blocks(pieces, section)[-1].last if blocks(pieces, section) else len(pieces)
    before, after = "".join(pieces[:last]), "".join(pieces[last:])
    if after:
        body, tail = _parted("".join(pieces[last - 1 : last]))
        mine, gap, rest = tail.partition(f"{_break(text)}{_break(text)}")
        # a comment that an empty line parts from what follows belongs to the block above
        body, tail = (body + mine + _break(text), _break(text) + rest) if mine.strip() and gap else (body, tail)
        before, after = "".join(pieces[: last - 1]) + body, tail + after
    new = _break(text).join(line for table in tables for line in ("", *_lines_of(section, table))) + _break(text)
    if before and not before.endswith("\n"):
        before += _break(text)
    elif not before or _ends_empty(before):
        new = new.removeprefix(_break(text))
    return before + new + after


def with_setting(text: str, section: str, name: str, value: BlockValue) -> str:
    """The text with one key of a ``[section]`` set, or taken away; a section that is not there stands at the end."""
    expected = tomllib.loads(text)
    if value is None and section not in expected:
        return text
    table = cast("Table", expected.setdefault(section, {}))
    table.pop(name, None)
    if value is not None:
        table[name] = plain(value)
    after = _with_setting(text, section, name, value)
    if tomllib.loads(after) != expected:
        raise ByHandError
    return after


def _with_setting(text: str, section: str, name: str, value: BlockValue) -> str:
    pieces = cut(text)
    place = next((at for at, piece in enumerate(pieces) if section in (_parsed(piece) or {})), None)
    if place is None:
        gap = "" if not text or _ends_empty(text) else _break(text) if text.endswith("\n") else _break(text) * 2
        return f"{text}{gap}[{section}]{_break(text)}{name} = {toml(value)}{_break(text)}"
    body, tail = _parted(pieces[place])
    after = _set_in(body, section, name, value)
    return "".join((*pieces[:place], after, tail, *pieces[place + 1 :]))


def _set_in(body: str, section: str, name: str, value: BlockValue) -> str:
    import tomlkit

    document = tomlkit.parse(body)
    _set_all(cast("dict[str, object]", document[section]), {name: value})
    return _with_breaks(tomlkit.dumps(document), body)


def placed(text: str, key: str, value: tuple[str, ...] | None) -> str:
    """The text with a key of the top of the file set, or taken away."""
    pieces = cut(text)
    body, tail = _parted(pieces[0])
    if key in (_parsed(body) or {}):
        return "".join((_edited(body, key, value), tail, *pieces[1:]))
    line = f"{key} = {toml(value)}{_break(text)}"
    if body:
        body = body if body.endswith("\n") else body + _break(text)
        return "".join((body, line, tail, *pieces[1:]))
    # behind the words at the head of the file, before those of the first heading
    head, gap, rest = tail.rpartition(f"{_break(text)}{_break(text)}") if tail else ("", "", "")
    if len(pieces) == 1 and tail.strip():
        return tail + ("" if tail.endswith("\n") else _break(text)) + line
    if not gap:
        return "".join((line, _break(text) if text else "", *pieces))
    return "".join((head, gap, line, _break(text), rest, *pieces[1:]))


def _lines_of(section: str, fields: Fields) -> Iterator[str]:
    yield f"[[{section}]]"
    yield from (f"{name} = {toml(value)}" for name, value in fields.items() if value is not None)


def _break(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _ends_empty(text: str) -> bool:
    return text.endswith(("\n\n", "\n\r\n"))


def _parted(text: str) -> tuple[str, str]:
    """A piece up to its last value, and the comments and empty lines behind it."""
    lines = _lines(text)
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    body = "".join(lines[:end])
    # the end of a text over several lines may look like a comment
    return (body, "".join(lines[end:])) if _parsed(body) == _parsed(text) else (text, "")


def _retold(body: str, section: str, fields: Fields) -> str:
    import tomlkit

    document = tomlkit.parse(body)
    _set_all(cast("list[dict[str, object]]", document[section])[0], fields)
    return _with_breaks(tomlkit.dumps(document), body)


def _edited(body: str, key: str, value: tuple[str, ...] | None) -> str:
    import tomlkit

    document = tomlkit.parse(body)
    _set_all(cast("dict[str, object]", document), {key: value})
    return _with_breaks(tomlkit.dumps(document), body)


def _set_all(table: dict[str, object], fields: Fields) -> None:
    for name, value in fields.items():
        if value is None:
            table.pop(name, None)
        elif name not in table or table[name] != plain(value):
            table[name] = _inline(value) if isinstance(value, Mapping) else plain(value)


def _inline(value: Mapping[str, float | bool | str]) -> object:
    import tomlkit

    table = cast("dict[str, object]", tomlkit.inline_table())
    for name, one in value.items():
        table[name] = one
    return table


def plain(value: BlockValue) -> object:
    """A value as the file's parser gives it back."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _with_breaks(text: str, like: str) -> str:
    whole = text if text.endswith("\n") else f"{text}\n"
    return whole.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in like else whole
