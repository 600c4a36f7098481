"""The monitor's half of changes: settings, symbols, groups, pairs and levels, made in place and written to the file.

What reads and writes the file is imported with the first change: most screens are opened for their prices.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events

from ..core.model.config import Config
from . import edits
from .commands import bind, key_name
from .edits import Edit
from .text import clean
from .viewing import Viewing

if TYPE_CHECKING:
    from .setting_values import Entry

ALWAYS = ("quit", "repaint", "suspend")
"""Commands whose keys with Ctrl act whatever is being typed."""
PAGE = "settings"
IN_REPLAY = "A replay is not edited; Esc leads back to the live market."


class Editing(Viewing, inherit_bindings=False):
    """Between the keys and the settings file; whoever changes something stays where they are."""

    config: Config

    # -- typing -----------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """While something is being changed keys are letters, the choice of a key, or the answer to a question."""
        edit = self.choices.edit
        if edit is None or self._acts_always(event.key, edit):
            return
        event.prevent_default()
        if event.key == "escape":
            self._edit(None)
        elif edit.question:
            self._answered(edit, event.key)
        elif edit.kind == "key":
            self._bind_anew(edit, event)
        elif event.key == "enter":
            self._entered(edit)
        elif edit.kind in ("pair", "unpair") and event.key in ("up", "down"):
            from ..core.settings_keys import RULE_NAMES

            self._edit(edits.another_rule(edit, RULE_NAMES, 1 if event.key == "down" else -1))
        else:
            self._edit(edits.typed(edit, event.key, event.character))

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is typed, one line of it and nothing that acts."""
        edit = self.choices.edit
        if edit is not None and not edit.question and edit.kind != "key":
            self._edit(edits.pasted(edit, event.text))

    def _acts_always(self, key: str, edit: Edit) -> bool:
        if edit.kind == "key":
            return key == "ctrl+c"
        return key.startswith("ctrl+") and any(key in one.keys for one in self.bound if one.command.name in ALWAYS)

    def _edit(self, edit: Edit | None, notice: str = "") -> None:
        self.choose(replace(self.choices, edit=edit), notice)

    def _entered(self, edit: Edit) -> None:
        if edit.kind == "setting":
            from .setting_values import typed_value

            self._write_setting(edit, typed_value(edit.of, edit.text))
        elif edit.kind == "unpair":
            self._name_pair(edit)
        elif edit.kind == "view":
            self.save_view(edit)
        else:
            self._write(edit)

    def _answered(self, edit: Edit, key: str) -> None:
        if any(key in one.keys for one in self.bound if one.command.name == "remove"):
            self._write(replace(edit, question=""))

    # -- settings ---------------------------------------------------------------------------------------

    def action_choose(self, name: str) -> None:
        """A step; on the settings page Enter changes the setting under the cursor."""
        if name == "proof" and self.choices.page == PAGE:
            self._begin_setting()
        else:
            super().action_choose(name)

    def action_figure(self, step: int) -> None:
        """The figure further on; on the settings page the choice further on."""
        if self.choices.page != PAGE:
            super().action_figure(step)
            return
        from .setting_values import beside

        entry = self._entry()
        if entry.options:
            self._write_setting(Edit("setting", of=entry.key), _kept(entry.key, beside(entry, step)))
        else:
            self.choose(self.choices, f"{entry.key} has no choices to step through; Enter changes it.")

    def _entry(self) -> "Entry":
        from .setting_values import chosen, entries

        themes, worn = tuple(sorted(self.worn.themes)), self.worn.theme_words(self.palette.theme.name)
        return chosen(self.choices.picked(PAGE), entries(self.config, self.worn.bound, themes, worn))

    def _begin_setting(self) -> None:
        entry = self._entry()
        kind = "key" if entry.section == "keys" else "setting"
        self._edit(Edit(kind, of=entry.key, text=entry.text))

    def _write_setting(self, edit: Edit, value: bool | float | str | tuple[str, ...] | None) -> None:
        """Write it and put it in force; what was wrong stays beside what was typed."""
        from .edit_writing import setting_written
        from .setting_values import words

        fault = self._refused(edit.of, value) or setting_written(self.data.paths.config_file, edit.of, value)
        if fault and self.choices.edit is not None:
            self._edit(replace(edit, fault=fault))
            return
        if not fault:
            self.tend()
        self._edit(None, f"Not taken: {fault}." if fault else self._setting_words(edit.of, words(value)))

    def _setting_words(self, key: str, value: str) -> str:
        other = self._elsewhere() if key.startswith("feed.") else ""
        said = f"{key} is {clean(value) or 'empty'}"
        return f"{said}, but this store's feed reads {clean(other)}." if other else f"{said} now."

    def _refused(self, key: str, value: object) -> str:
        """What only the screen can say against a value."""
        if not key.startswith("screen."):
            return ""
        from .checking import refused

        return clean(refused(self.data.paths, self.config, key, value))

    def _back_to_default(self) -> None:
        from .edit_writing import is_written, setting_written

        entry, path = self._entry(), self.data.paths.config_file
        if not entry.changed and not is_written(path, entry.key):
            self.choose(self.choices, f"{entry.key} has its default.")
            return
        fault = setting_written(path, entry.key, None)
        if not fault:
            self.tend()
        default = clean(entry.default) or "empty"
        self.choose(self.choices, f"Not taken: {fault}." if fault else f"{entry.key} is {default} again, its default.")

    def _bind_anew(self, edit: Edit, event: events.Key) -> None:
        from .edit_writing import key_words, setting_written

        key = event.character if event.character and event.character.isprintable() else event.key
        key = "space" if key == " " else key
        name = edit.of.partition(".")[2]
        keys = {**self.config.keys, name: key}
        bound, problems = bind(keys)
        fault = next((f"expected {one.expected}" for one in problems if name in one.key or one.value == "none"), "")
        if key_name(key) != event.key:
            fault = "this key has no name that could be written"
        fault = fault or setting_written(self.data.paths.config_file, edit.of, key)
        if fault:
            self._edit(replace(edit, fault=f"{clean(fault)}; another key, or Esc"))
            return
        before = {one.command.name: one.all_keys for one in self.worn.bound}
        self.tend()
        self._edit(None, key_words(name, before, {one.command.name: one.all_keys for one in bound}))

    # -- what the board has -----------------------------------------------------------------------------

    def action_change(self, what: str) -> None:
        """Add, remove or change what has the focus."""
        if self.choices.page == PAGE and what != "add":
            self._begin_setting() if what == "change" else self._back_to_default()
            return
        if self._not_here():
            return
        from .edit_subjects import NOTHING, At, begun

        if self.snapshot is None:
            self.choose(self.choices, NOTHING)
            return
        pane = self.desk.focused_pane(self.choices)
        here = At(self.choices, pane, self.desk.cursor(self.choices, pane), self.snapshot, self.config, self.others())
        edit = begun(what, here)
        if isinstance(edit, str):
            self.choose(self.choices, edit)
        else:
            self._edit(edit)

    def _not_here(self) -> bool:
        """Whether this is a replay, in which nothing is edited; said where it is."""
        if self.replaying:
            self.choose(self.choices, IN_REPLAY)
        return self.replaying

    def _name_pair(self, edit: Edit) -> None:
        """Ask about the pair that was typed."""
        from .edit_subjects import named_pair

        self._edit(named_pair(edit, self.config))

    def _write(self, edit: Edit) -> None:
        from .edit_writing import done_words, written

        before = self.config
        fault = written(self.data.paths.config_file, edit)
        if fault:
            asked = edit.kind.startswith("drop-")
            self._edit(None if asked else replace(edit, fault=fault), f"Not done: {fault}." if asked else "")
            return
        self.tend()
        if edit.kind in ("symbol", "group"):
            self._join_group(edit.of or edits.symbol_of(edit.text)[0])
        demo = self.snapshot is not None and self.snapshot.mode == "demo"
        self._edit(None, done_words(edit, before, self.config, demo=demo, elsewhere=self._elsewhere()))

    def _join_group(self, name: str) -> None:
        """A group stands together on the board, so whoever comes to it goes behind its last."""
        from .edit_subjects import joined_group
        from .edit_writing import order_written

        order = joined_group(self.config, name)
        if order and not order_written(self.data.paths.config_file, order):
            self.tend()

    def _moved_words(self) -> str:
        other = self._elsewhere()
        return f"Written, but this store's feed reads {clean(other)}." if other else "Moved."

    def _elsewhere(self) -> str:
        """Another settings file that the feed was started with; empty where it reads the one that is written."""
        by = self.snapshot.producer if self.snapshot is not None else None
        read = by.config if by is not None else None
        return "" if read is None or read == clean(str(self.data.paths.config_file)) else read

    def action_move(self, step: int) -> None:
        """Move the selected row in the user's own order."""
        if self._not_here():
            return
        from .edit_subjects import moved

        pane = self.desk.focused_pane(self.choices)
        keys = self.desk.boards[pane].page.keys if pane in self.desk.boards else ()
        order = moved(self.choices, pane, keys, self.config, step)
        if isinstance(order, str):
            self.choose(self.choices, order)
            return
        from .edit_writing import order_written

        fault = order_written(self.data.paths.config_file, order)
        if not fault:
            self.tend()
        self.choose(self.choices, f"Not moved: {fault}." if fault else self._moved_words())


def _kept(key: str, value: str) -> bool | str:
    from .setting_values import typed_value

    made = typed_value(key, value)
    return made if isinstance(made, bool) else value
