"""Every form of claim is documented, and the table of the articles asks only what the program can answer."""

import importlib.util
import shlex
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from tapewatch.cli import build_parser
from tapewatch.completions import described
from tapewatch.core.claims.beyond import why_not
from tapewatch.core.claims.check import forms
from tapewatch.core.claims.grammar import parse
from tapewatch.core.claims.judging import Form
from tapewatch.core.universe import INSTRUMENTS

FILE = Path(__file__).parents[2] / "docs" / "articles_rows.py"
COMMANDS = {command.name for command in described(build_parser())[1]}


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.example)
def test_every_form_is_documented_with_its_example(form: Form) -> None:
    told = (FILE.parent / "claims.md").read_text(encoding="utf-8")
    assert f"| {form.name} | {form.example} |" in told


def table() -> ModuleType:
    spec = importlib.util.spec_from_file_location("articles_rows", FILE)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


ROWS = [(row.article, row.says, row.command) for row in table().ROWS]


@pytest.mark.parametrize(("article", "says", "command"), ROWS, ids=[f"{row[0]} {row[1]}" for row in ROWS])
def test_a_row_can_be_answered(article: str, says: str, command: str) -> None:
    name, *rest = shlex.split(command)
    assert name in COMMANDS, (article, says)
    if name == "check":
        claim = " ".join(rest)
        assert why_not(claim) or parse(claim, INSTRUMENTS, date(2026, 11, 1), forms())


def test_every_article_has_its_rows() -> None:
    assert {row[0] for row in ROWS} == {"000", "001", "002", "003", "004"}
