"""The monitor's half of saved layouts: shows one by its digit, begins in one, saves what is shown."""

from msgspec.structs import replace

from ..core.model.config import Config
from . import choices as steps
from . import view_choices as views
from .choices import FLAGGED, Choices
from .dressing import Dressing
from .edits import Edit
from .starting import Start, screen_of


class Viewing(Dressing, inherit_bindings=False):
    """The part of the monitor that knows views."""

    config: Config

    def begin(self, start: Start) -> None:
        """The view or screen that is shown first, to which the way back leads."""
        word = start.view.casefold()
        wanted = next((one for one in self.worn.layouts if word in _called(one)), None)
        if not word:
            wanted = self.worn.layout(1)
        screen = screen_of(word) or "overview"
        now = replace(self.choices, bare=start.bare, home=wanted, home_screen=screen if wanted is None else "overview")
        self.choices = steps.to_home(now)

    def hidden(self) -> tuple[str, ...]:
        """Headings of the columns that are not shown: never, and in the view that is."""
        own = self.choices.view.setting.hidden_columns if self.choices.view is not None else ()
        return (*self.config.screen.hidden_columns, *own)

    def action_to_view(self, digit: int) -> None:
        """The view of a digit."""
        layout = self.worn.layout(digit)
        if layout is not None:
            self.choose(views.entered(self.choices, layout))

    # -- saving -----------------------------------------------------------------------------------------

    def action_name_view(self) -> None:
        """Open the row in which what is shown gets a digit and a name."""
        from .view_row import suggestion

        why = _no_view(self.choices)
        if why:
            self.choose(self.choices, why)
            return
        shown = self.choices.view.setting if self.choices.view is not None else None
        self.choose(replace(self.choices, edit=Edit("view", text=suggestion(shown, self.config.views)), exporting=""))

    def save_view(self, edit: Edit) -> None:
        """Write the view into the settings file and show it from there; where that fails, say why."""
        from .saved_views import saved
        from .view_row import WANTED, named

        found = named(edit.text)
        if found is None:
            self.choose(replace(self.choices, edit=replace(edit, fault=f"expected {WANTED}")))
            return
        self.choices = replace(self.choices, edit=None)
        panes = self.desk.in_sight()
        here = replace(self.choices, focus=self.desk.focused_pane(self.choices))
        problem = saved(self.data.paths.config_file, *found, here, panes, self.config)
        if problem is not None:
            self.choose(self.choices, f"Not saved. {problem}")
            return
        self.tend()
        # what was chosen by key is the view's now, and of nothing else any more
        self.choices = self.worn.chosen(self.choices)
        self.action_to_view(found[0])
        self.choose(self.choices, f"Saved as {found[0]}, {found[1]}.")


def _called(layout: views.Layout) -> tuple[str, str]:
    return layout.setting.name.casefold(), str(layout.setting.digit)


def _no_view(choices: Choices) -> str:
    """Why what is shown cannot be saved; empty where it can."""
    if choices.page or choices.opened is not None:
        return "Only panes can be saved as a view; Esc leads back to them."
    return "A filter for flagged rows is of the moment: f takes it away." if choices.group == FLAGGED else ""
