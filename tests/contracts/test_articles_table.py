"""The table of the articles asks what the program can answer: known commands, claims of known forms."""

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
from tapewatch.core.universe import INSTRUMENTS

FILE = Path(__file__).parents[2] / "docs" / "articles_rows.py"
COMMANDS = {command.name for command in described(build_parser())[1]}


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
