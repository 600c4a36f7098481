"""Every theme can be read, told apart and used; a user's broken one costs nothing but itself."""

import itertools
from pathlib import Path

import pytest

from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.theme import GRAPHIC_ROLES, ROLES, TEXT_ROLES, Theme, is_color
from tapewatch.tui.themes import as_textual, automatic, load_themes, resolve, theme_problem

THEMES, PROBLEMS = load_themes()
TRUECOLOR = {"COLORTERM": "truecolor", "TERM": "xterm-256color"}

PROTAN = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
DEUTAN = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
TRITAN = (
    (1.255528, -0.076749, -0.178779),
    (-0.078411, 0.930809, 0.147602),
    (0.004733, 0.691367, 0.303900),
)
NORMAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
"""Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB."""

TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
"""sRGB to XYZ, D65."""

Triple = tuple[float, float, float]


def linear(color: str) -> Triple:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def through(matrix: tuple[Triple, Triple, Triple], rgb: Triple) -> Triple:
    x, y, z = (sum(a * b for a, b in zip(row, rgb, strict=True)) for row in matrix)
    return x, y, z


def lab(rgb: Triple) -> Triple:
    clipped = tuple(min(1.0, max(0.0, part)) for part in rgb)
    x, y, z = through(TO_XYZ, (clipped[0], clipped[1], clipped[2]))
    fx, fy, fz = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x / 0.95047, y, z / 1.08883)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: str, other: str, matrix: tuple[Triple, Triple, Triple]) -> float:
    a, b = (lab(through(matrix, linear(color))) for color in (one, other))
    return float(sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5)


def near(found: float, wanted: float, within: float) -> bool:
    return abs(found - wanted) <= within


def in_hex() -> list[Theme]:
    return [theme for theme in THEMES.values() if not theme.ansi]


def test_black_on_white_has_the_contrast_wcag_gives() -> None:
    assert near(contrast("#000000", "#ffffff"), 21.0, 1e-9)
    assert near(contrast("#777777", "#ffffff"), 4.48, 0.005)


def test_the_packaged_themes_are_whole_and_without_fault() -> None:
    assert PROBLEMS == ()
    assert {"graphite", "ledger", "graphite-cb", "ledger-cb", "contrast", "ansi", "amber"} <= set(THEMES)
    for theme in THEMES.values():
        assert set(theme.colors) == set(ROLES), theme.name
        assert all(is_color(color) for color in theme.colors.values()), theme.name


@pytest.mark.parametrize("theme", in_hex(), ids=lambda theme: theme.name)
def test_everything_that_is_read_can_be_read(theme: Theme) -> None:
    least = 7.0 if "contrast" in theme.name else 4.5
    for role, ground in itertools.product(TEXT_ROLES, ("background", "surface", "panel", "lift")):
        assert contrast(theme.colors[role], theme.colors[ground]) >= least, (role, ground)


@pytest.mark.parametrize("theme", in_hex(), ids=lambda theme: theme.name)
def test_bars_stand_out_from_the_page(theme: Theme) -> None:
    for role in GRAPHIC_ROLES:
        assert contrast(theme.colors[role], theme.colors["background"]) >= 3.0, role


@pytest.mark.parametrize("theme", in_hex(), ids=lambda theme: theme.name)
def test_words_on_chips_can_be_read(theme: Theme) -> None:
    for words, ground in (("on-accent", "accent"), ("on-fault", "fault"), ("on-mode", "mode")):
        assert contrast(theme.colors[words], theme.colors[ground]) >= 4.5, words
    assert contrast(theme.colors["bright"], theme.colors["chip-closed"]) >= 4.5


@pytest.mark.parametrize(
    ("theme", "on_background"),
    [
        ("graphite", {"text": 11.4, "bear": 7.2, "faint": 3.9, "range-prev": 3.5, "mode": 9.0}),
        ("ledger", {"text": 11.3, "bear": 6.0, "faint": 3.7, "range-prev": 3.2, "mode": 8.3}),
    ],
)
def test_the_two_house_themes_have_the_contrasts_they_were_drawn_with(
    theme: str, on_background: dict[str, float]
) -> None:
    colors = THEMES[theme].colors
    for role, wanted in on_background.items():
        assert near(contrast(colors[role], colors["background"]), wanted, 0.06), role


@pytest.mark.parametrize(
    ("theme", "normal", "protan", "deutan", "tritan"),
    [
        ("graphite", 97, 16, 18, 106),
        ("graphite-cb", 113, 101, 113, 91),
        ("ledger", 98, 13, 23, 106),
        ("ledger-cb", 105, 91, 105, 84),
    ],
)
def test_up_and_down_are_as_far_apart_as_they_were_measured(
    theme: str, normal: int, protan: int, deutan: int, tritan: int
) -> None:
    up, down = THEMES[theme].colors["bull"], THEMES[theme].colors["bear"]
    wanted = zip((NORMAL, PROTAN, DEUTAN, TRITAN), (normal, protan, deutan, tritan), strict=True)
    for matrix, units in wanted:
        assert near(distance(up, down, matrix), units, 1.5)


@pytest.mark.parametrize("theme", in_hex(), ids=lambda theme: theme.name)
def test_up_is_never_the_colour_of_down(theme: Theme) -> None:
    assert distance(theme.colors["bull"], theme.colors["bear"], NORMAL) > 40


def test_the_sixteen_colour_themes_use_the_palette_alone_and_lift_nothing() -> None:
    for name in ("ansi", "ansi-light"):
        theme = THEMES[name]
        assert theme.ansi
        assert all(color.startswith("ansi_") for color in theme.colors.values())
        assert theme.colors["lift"] == theme.colors["background"] == "ansi_default"


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"TERM": "xterm-256color"}, "graphite"),
        ({"TERM": "linux"}, "ansi"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "graphite"),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, "ansi-light"),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, "ansi"),
        ({}, "ansi"),
    ],
)
def test_who_chose_no_theme_gets_what_the_terminal_can_show(environment: dict[str, str], wanted: str) -> None:
    assert automatic(environment) == wanted
    assert resolve(THEMES, ScreenSettings(), environment).name == wanted


def test_a_chosen_theme_is_used_whatever_the_terminal() -> None:
    assert resolve(THEMES, ScreenSettings(theme="amber"), {"TERM": "linux"}).name == "amber"


def test_red_up_swaps_the_two_and_nothing_else() -> None:
    plain = resolve(THEMES, ScreenSettings(theme="graphite"), TRUECOLOR).colors
    swapped = resolve(THEMES, ScreenSettings(theme="graphite", red_up=True), TRUECOLOR).colors
    assert (swapped["bull"], swapped["bear"]) == ("#ff7b72", "#4fc58a")
    assert {role for role in ROLES if plain[role] != swapped[role]} == {"bull", "bear"}


def test_gain_and_loss_replace_the_themes_colours() -> None:
    settings = ScreenSettings(theme="graphite", gain="#00ffff", loss="ansi_red")
    colors = resolve(THEMES, settings, TRUECOLOR).colors
    assert (colors["bull"], colors["bear"]) == ("#00ffff", "ansi_red")


def test_a_colour_that_is_none_leaves_the_themes() -> None:
    colors = resolve(THEMES, ScreenSettings(theme="graphite", gain="greenish"), TRUECOLOR).colors
    assert colors["bull"] == "#4fc58a"


def test_without_colour_every_role_is_the_terminals_ink() -> None:
    theme = resolve(THEMES, ScreenSettings(theme="amber"), TRUECOLOR | {"NO_COLOR": "1"})
    assert theme.no_color
    assert set(theme.colors.values()) == {"ansi_default"}
    assert not resolve(THEMES, ScreenSettings(), TRUECOLOR | {"NO_COLOR": ""}).no_color


def test_an_unknown_theme_is_named_with_the_nearest_one() -> None:
    problem = theme_problem(THEMES, ScreenSettings(theme="grafite"), "config.toml")
    assert problem is not None
    assert (problem.key, problem.value) == ("screen.theme", '"grafite"')
    assert "graphite" in problem.expected
    assert theme_problem(THEMES, ScreenSettings(theme="auto")) is None
    assert resolve(THEMES, ScreenSettings(theme="grafite"), TRUECOLOR).name == "graphite"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_users_theme_changes_only_what_it_names(tmp_path: Path) -> None:
    written(tmp_path, "mine.toml", 'extends = "ledger"\n[colors]\nbull = "#006600"\n')
    themes, problems = load_themes(tmp_path)
    assert problems == ()
    assert themes["mine"].dark is False
    assert themes["mine"].colors == THEMES["ledger"].colors | {"bull": "#006600"}


def test_a_users_theme_may_take_the_place_of_a_packaged_one(tmp_path: Path) -> None:
    written(tmp_path, "a.toml", 'name = "graphite"\nextends = "graphite"\n[colors]\nbull = "#00ff00"\n')
    themes, problems = load_themes(tmp_path)
    assert problems == ()
    assert themes["graphite"].colors == THEMES["graphite"].colors | {"bull": "#00ff00"}


def test_users_themes_may_extend_each_other(tmp_path: Path) -> None:
    written(tmp_path, "a.toml", 'extends = "b"\n[colors]\nbull = "#00aa00"\n')
    written(tmp_path, "b.toml", 'extends = "amber"\n[colors]\nbear = "#aa0000"\n')
    themes, problems = load_themes(tmp_path)
    assert problems == ()
    assert themes["a"].colors == THEMES["amber"].colors | {"bull": "#00aa00", "bear": "#aa0000"}


@pytest.mark.parametrize(
    ("text", "key", "value", "hint"),
    [
        ('[colors]\nbul = "#00ff00"\n', "colors.bul", '"#00ff00"', "bull"),
        ('[colors]\nbull = "greenish"\n', "colors.bull", '"greenish"', "#4fc58a"),
        ("[colors]\nbull = 7\n", "colors.bull", "7", "#4fc58a"),
        ('extends = "grafite"\n', "extends", '"grafite"', "graphite"),
        ('dark = "yes"\n', "dark", '"yes"', "true or false"),
        ('shade = "deep"\n', "shade", '"deep"', "known key"),
        ('bold = ["brite"]\n', "bold", '"brite"', "bright"),
        ('name = "my theme"\n', "name", '"my theme"', "letters, digits"),
        ("colors = 3\n", "colors", "3", "table"),
    ],
)
def test_what_is_wrong_in_a_users_theme_is_named_and_the_rest_works(
    tmp_path: Path, text: str, key: str, value: str, hint: str
) -> None:
    path = written(tmp_path, "mine.toml", text)
    themes, (problem,) = load_themes(tmp_path)
    assert (problem.file, problem.key, problem.value) == (str(path), key, value)
    assert hint in problem.expected
    assert set(themes["mine"].colors) == set(ROLES)


def test_a_theme_that_is_no_toml_is_left_out_with_its_line(tmp_path: Path) -> None:
    written(tmp_path, "mine.toml", "dark = true\n[colors\n")
    written(tmp_path, "bytes.toml", "").write_bytes(b"\xff\xfe\x00")
    themes, problems = load_themes(tmp_path)
    assert set(themes) == set(THEMES)
    assert ["UTF-8" in problems[0].expected, "line 2" in problems[1].expected] == [True, True]


def test_two_themes_that_extend_each_other_are_told_so(tmp_path: Path) -> None:
    written(tmp_path, "a.toml", 'extends = "b"\n')
    written(tmp_path, "b.toml", 'extends = "a"\n')
    themes, problems = load_themes(tmp_path)
    assert {problem.key for problem in problems} == {"extends"}
    assert set(themes["a"].colors) == set(ROLES)


def test_a_missing_folder_is_no_fault(tmp_path: Path) -> None:
    assert load_themes(tmp_path / "none") == (THEMES, ())


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
async def test_textual_takes_every_theme_and_shows_its_colours(theme: Theme) -> None:
    from textual.app import App, ComposeResult
    from textual.color import Color
    from textual.widgets import Input, Label

    class Page(App[None]):
        CSS = "Label { color: $flag-rare; background: $chip-closed; }"

        def compose(self) -> ComposeResult:
            yield Label("x")
            yield Input()

    app = Page()
    app.register_theme(as_textual(theme))
    # before the style sheet is read: it knows no role but the theme's
    app.theme = theme.name
    async with app.run_test():
        label = app.query_one(Label)
        assert label.styles.color == Color.parse(theme.colors["flag-rare"])
        assert label.styles.background == Color.parse(theme.colors["chip-closed"])
        assert app.native_ansi_color is theme.ansi
