"""Nothing of the program runs what it reads: no unpickling, no code from text, no shell, no markup."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCES = sorted((Path(__file__).parents[2] / "src").rglob("*.py"))
UNPICKLERS = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "copyreg"}
RUNNERS = {"eval", "exec", "compile", "__import__"}
LOADERS = {"read_pickle", "to_pickle", "loads_pickle", "system", "popen", "from_markup", "unsafe_load"}


def faults(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (f"import {one.name}" for one in node.names if one.name.split(".")[0] in UNPICKLERS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in UNPICKLERS:
            yield f"import {node.module}"
        elif isinstance(node, ast.Call):
            yield from _calls(node)


def _calls(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name) and node.func.id in RUNNERS:
        yield node.func.id
    if isinstance(node.func, ast.Attribute) and node.func.attr in LOADERS:
        yield node.func.attr
    for one in node.keywords:
        if one.arg in ("shell", "markup", "allow_pickle") and not (
            isinstance(one.value, ast.Constant) and one.value.value is False
        ):
            yield f"{one.arg}="


def test_such_things_would_be_seen() -> None:
    text = "import pickle\nfrom marshal import loads\neval('1')\nrun('x', shell=True)\n"
    text += "os.system('x')\nload(f, allow_pickle=True)"
    assert sorted(faults(text)) == [
        "allow_pickle=", "eval", "import marshal", "import pickle", "shell=", "system",
    ]  # fmt: skip
    assert list(faults("run(['x'], shell=False); notify('x', markup=False)")) == []


def test_nothing_read_is_ever_run() -> None:
    assert {path.name: found for path in SOURCES if (found := list(faults(path.read_text(encoding="utf-8"))))} == {}


def test_no_widget_takes_words_for_markup() -> None:
    """Everything on the desk is painted from pieces; no Static, Label or notification reads brackets."""
    guilty = {
        path.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            getattr(node.func, "id", "") in ("Static", "Label", "Markdown")
            or getattr(node.func, "attr", "") == "notify"
        )
    }
    assert guilty == set()
