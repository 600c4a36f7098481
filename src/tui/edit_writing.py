"""Changes written into the settings file, and what is said of them: each a sentence, whatever comes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.model.config import Config, Problem
from .edits import Edit, level_of, pair_of, symbol_of
from .text import clean

if TYPE_CHECKING:
    from ..core.settings_file import Value

PRICE = "a price such as 2433.19, or a zone such as 2417.74-2433.19"
PAIR = "a rule, a symbol and its references, such as spread-shock RUT SPX"


def setting_written(path: Path, key: str, value: "Value") -> str:
    """Write one setting; why it was not taken, empty where it was."""
    from ..core.settings_file import write_setting

    return refusal(write_setting(path, key, value))


def is_written(path: Path, key: str) -> bool:
    """Whether the file has a line of its own for a setting."""
    from ..core.settings_file import read_toml

    section, _, name = key.partition(".")
    table: object = read_toml(path)[0].get(section)
    return isinstance(table, dict) and name in table


def written(path: Path, edit: Edit) -> str:
    """Make a change of a block of the file; why it was not made, empty where it was."""
    return WRITERS[edit.kind](path, edit)


def refusal(problem: Problem | None) -> str:
    """What was wrong, in one sentence without the folder."""
    if problem is None:
        return ""
    name = f"{Path(problem.file).name} " if problem.file else ""
    return clean(f"expected {problem.expected}" if problem.key else f"{name}{problem.expected}")


def _symbol(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import add_symbol

    symbol, short, group = symbol_of(edit.text)
    if not symbol:
        return "expected a symbol such as ^GDAXI"
    return refusal(add_symbol(path, symbol, short=short, group=group))


def _group(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import set_group

    return refusal(set_group(path, edit.of, edit.text.strip()))


def _level(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import add_level

    level = level_of(edit.text)
    if level is None:
        return f"expected {PRICE}"
    return refusal(add_level(path, edit.of, level.price, level.rule, level.note))


def _pair(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import add_pair

    pair = pair_of(edit.text)
    if pair is None:
        return f"expected {PAIR}"
    return refusal(add_pair(path, pair.rule, pair.watched, pair.against))


def _drop_symbol(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import remove_symbol

    return refusal(remove_symbol(path, edit.of))


def _drop_level(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import remove_level

    level = level_of(edit.text)
    return refusal(remove_level(path, edit.of, level.price)) if level is not None else f"expected {PRICE}"


def _drop_pair(path: Path, edit: Edit) -> str:
    from ..core.settings_actions import remove_pair

    return refusal(remove_pair(path, edit.of))


WRITERS: dict[str, Callable[[Path, Edit], str]] = {
    "symbol": _symbol, "group": _group, "level": _level, "pair": _pair,
    "drop-symbol": _drop_symbol, "drop-level": _drop_level, "drop-pair": _drop_pair,
}  # fmt: skip


def order_written(path: Path, symbols: tuple[str, ...]) -> str:
    """Write the order of the board; why it was not written, empty where it was."""
    from ..core.settings_blocks import write_order

    return refusal(write_order(path, symbols))


# -- what is said when it is done ---------------------------------------------------------------------------


def done_words(edit: Edit, before: Config, now: Config, *, demo: bool, elsewhere: str = "") -> str:
    """What is so now; the board follows with the feed's next word, unless the feed reads the file `elsewhere`."""
    if elsewhere:
        return f"Written, but this store's feed reads {clean(elsewhere)}."
    text = clean(edit.text.strip())
    if edit.kind == "symbol":
        return _added_words(before, now, demo=demo)
    if edit.kind == "group":
        return f"{clean(edit.of)} goes to {text}." if text else f"{clean(edit.of)} goes back to its own group."
    if edit.kind == "level":
        return f"{clean(edit.of)}: your level {text} is written; the feed measures it next."
    if edit.kind == "pair":
        return f"{text} is judged from the next round on."
    if edit.kind == "drop-symbol":
        return f"{clean(edit.of)} leaves the board; its bars stay in the store."
    if edit.kind == "drop-level":
        return f"{clean(edit.of)}: your level {text} is removed."
    return "The pair is removed; what it did stays in the journal."


def _added_words(before: Config, now: Config, *, demo: bool) -> str:
    known = {one.symbol for one in before.watched}
    new = next((one for one in now.watched if one.symbol not in known), None)
    if new is None:
        return "It is on the board already."
    prices = "the demo makes prices for it" if demo else "its prices come with the next round"
    return f"{clean(new.short)} goes on the board; {prices}."


def key_words(name: str, before: dict[str, str], now: dict[str, str]) -> str:
    """``quit is x now; against has no key left``: commands and their keys as shown, before and after."""
    lost = [one for one, keys in now.items() if not keys and before.get(one)]
    more = f"; {', '.join(lost)} {'has' if len(lost) == 1 else 'have'} no key left" if lost else ""
    return f"{name} is {now.get(name) or 'without a key'} now{more}."
