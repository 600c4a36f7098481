"""The rules of the family, found by looking at this folder: a flag is a file."""

import importlib
import pkgutil
from functools import cache

from .rule import Rule


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its name."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        rule = getattr(importlib.import_module(f".{module.name}", __name__), "RULE", None)
        if isinstance(rule, Rule):
            found[rule.name] = rule
    return found
