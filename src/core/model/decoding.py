"""Values that anybody may have written, read and written so that none of their texts can act."""

import re
import unicodedata
from typing import Any, TypeVar, cast

import msgspec

from .harmless import harmless, is_harmless, is_plain_at_a_glance

T = TypeVar("T")

LARGE = 1_000_000
"""Bytes: in a larger file every text is looked at for its length as well."""
_ESCAPES = re.compile(rb"\\[a-z]").search
_ASCII = bytes(range(0x20, 0x7F)) + b"\n\t"
"""What is plain in ASCII; signs beyond it have no byte of it in UTF-8."""


def decoded(content: bytes, kind: type[T]) -> T:
    """A value of JSON that anybody may have written, every text in it harmless. Raises as msgspec does.

    Costs one look at the bytes where there is nothing to mend.
    """
    if _is_clean(content):
        return msgspec.json.decode(content, type=kind)
    mended = _mended(msgspec.json.decode(content))
    return msgspec.json.decode(msgspec.json.encode(mended), type=kind)


def encoded(value: object) -> bytes:
    """JSON of any value; a name of a file that is no text in UTF-8 is shown with marks."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(_mended(msgspec.to_builtins(value)))


def made_harmless(value: T) -> T:
    """The same value, every text in it harmless."""
    content = encoded(value)
    return value if _is_clean(content) else decoded(content, type(value))


def _is_clean(content: bytes) -> bool:
    if len(content) > LARGE or (b"\\" in content and _ESCAPES(content)):
        return False
    return is_plain_at_a_glance(content.translate(None, _ASCII).decode())


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list | tuple):
        return [_mended(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {harmless(key): _mended(one) for key, one in cast("dict[str, Any]", value).items()}
    return value


def json_text(value: object) -> str:
    """Indented JSON, exact: what could act on a terminal is written as an escape of JSON's own."""
    text = msgspec.json.format(encoded(value), indent=2).decode()
    return text if is_plain_at_a_glance(text) else "".join(map(_escaped, text))


def _escaped(one: str) -> str:
    if one == "\n" or (is_harmless(one) and unicodedata.category(one)[0] != "M"):
        return one
    units = one.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2]):04x}" for at in range(0, len(units), 2))
