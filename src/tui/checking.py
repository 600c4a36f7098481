"""What is wrong with the settings that only the screen can judge: keys, themes. For `config check` and `doctor`."""

from ..core.model.config import Config, Problem
from ..core.paths import Paths
from .commands import bind
from .themes import load_themes, theme_problem


def screen_problems(paths: Paths, config: Config) -> tuple[Problem, ...]:
    """Problems of `[keys]`, of the user's themes and of the name of the theme asked for."""
    file = config.path or str(paths.config_file)
    themes, unreadable = load_themes(paths.themes)
    unknown = theme_problem(themes, config.screen, file)
    return (*bind(config.keys, file)[1], *unreadable, *((unknown,) if unknown else ()))
