"""The monitor's half of a theme: puts it on, tries others on, and puts it on anew when its file has changed."""

import os

from msgspec.structs import replace

from ..core.model.config import Config, Problem
from . import choices as steps
from .charting import Charting
from .choices import Choices
from .outfit import Outfit, outfit
from .palette import Palette
from .themes import as_textual
from .wardrobe import Wardrobe, filled, has_changed, holding

PAGE = "themes"


class Dressing(Charting, inherit_bindings=False):
    """Between what is charted and what is shown: the colours all of it is painted in."""

    config: Config
    worn: Outfit
    palette: Palette

    _named = _chosen = _before = ""
    """The theme of the settings, the one chosen here since, and the one before others were tried on."""

    def tend(self) -> None:
        """Look whether the settings have changed, and take them up."""
        raise NotImplementedError

    def hang_up(self, worn: Outfit, problems: tuple[Problem, ...]) -> None:
        """Take up an outfit, and the `problems` of its settings; a theme chosen here stays until they name another."""
        named = worn.config.screen.theme
        if named != self._named:
            self._named, self._chosen, self._before = named, "", ""
        self.worn, self._of_settings = worn, problems
        self.troubles = replace(self.troubles, problems=(*problems, *worn.problems))
        self.wear()

    def wear(self) -> None:
        """Put on the theme chosen on this screen, or the settings'."""
        theme = self.worn.in_theme(self._chosen) if self._chosen in self.worn.themes else self.worn.theme
        self.palette = Palette(theme)
        self.register_theme(as_textual(theme))
        if self.theme == theme.name and self.desk.is_mounted:
            self.refresh_css(animate=False)
        self.theme = theme.name
        if self.desk.is_mounted:
            self.desk.dress(self.palette, plain=self.worn.ascii)

    # -- while it runs ----------------------------------------------------------------------------------

    def themes_anew(self) -> Wardrobe:
        """The themes there are now; the one worn keeps its colours where its file was spoilt."""
        before = self.worn.wardrobe
        return holding(filled(before.folder), before, self.palette.theme.name)

    def look_at_themes(self) -> None:
        """Put the theme on anew where its file or the folder has changed."""
        before = self.palette.theme
        if not has_changed(self.worn.wardrobe, before.name):
            return
        self.hang_up(outfit(self.config, self.data.paths.themes, os.environ, self.themes_anew()), self._of_settings)
        if self.palette.theme != before:
            self.say(f"Theme {self.palette.theme.name}, put on anew.")
        self.paint()

    # -- trying on --------------------------------------------------------------------------------------

    def action_theme(self) -> None:
        """The page of the themes, and away from it."""
        name = self.palette.theme.name
        self.choose(steps.page(steps.pick(self.choices, PAGE, name), PAGE))

    def choose(self, choices: Choices, notice: str = "") -> None:
        """Put a choice in force; a theme under the cursor is worn at once, and put away with the page."""
        before = self.choices.page == PAGE
        if choices.page == PAGE:
            if not before:
                self._before = self._chosen
            self._try_on(choices.picked(PAGE) or "")
        elif before and self._chosen != self._before:
            self._chosen = self._before
            self.wear()
        super().choose(choices, notice)

    def _try_on(self, name: str) -> None:
        if name in self.worn.themes and name != self.palette.theme.name:
            self._chosen = name
            self.wear()

    def action_choose(self, name: str) -> None:
        """A step that needs nothing else; on the page of the themes Enter keeps the one that is worn."""
        if name == "proof" and self.choices.page == PAGE:
            self._keep()
            return
        super().action_choose(name)

    def _keep(self) -> None:
        """Keep the theme, here and in the settings file."""
        from ..core.settings_file import write_setting

        name = self.palette.theme.name
        if self.palette.theme.no_color:
            self.choose(replace(self.choices, page=""))
            return
        self._chosen = self._before = name
        problem = None
        if self.config.screen.theme != name:
            problem = write_setting(self.data.paths.config_file, "screen.theme", name)
            self.tend()
        said = f"Theme {name}, kept in {self.data.paths.config_file}."
        if problem is not None:
            said = f"Theme {name} until this monitor ends: {problem.brief}."
        self.choose(replace(self.choices, page=""), said)
