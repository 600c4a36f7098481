"""From the laboratory's notes to its page: counts on top, a row a fault, what was held to nought."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Note = Mapping[str, Any]
LEAST = {"scenarios": 40, "kills": 100}
"""What a whole run must have done, or its page says that it is not one."""


def page(notes: Sequence[Note]) -> str:
    """Everything as Markdown.

    A row stands only where its test passed: where a string acted or a terminal was not given back, the run fails.
    """
    parts = [_counts(notes), _faults(notes)]
    parts += [_section(notes, *one) for one in SECTIONS]
    return "\n\n".join(part for part in parts if part) + "\n"


def shortfalls(notes: Sequence[Note]) -> list[str]:
    """Why these notes are no proof, a sentence each; empty where all that must be nought is."""
    found = counted(notes)
    said = [
        f"{name}: {found[name]}, at least {least} are wanted" for name, least in LEAST.items() if found[name] < least
    ]
    noughts = ("lost writes", "unreadable stores", "false-fresh moments")
    return said + [f"{name}: {found[name]}, none is allowed" for name in noughts if found[name]]


def counted(notes: Iterable[Note]) -> dict[str, int | float]:
    """The counts on top, by what they count."""
    all_ = list(notes)

    def of(kind: str) -> list[Note]:
        return [one for one in all_ if one["kind"] == kind]

    def total(among: list[Note], name: str) -> int:
        return sum(int(one.get(name) or 0) for one in among)

    slopes = [float(one["rss_slope"]) for one in of("soak") if one.get("rss_slope") is not None]
    return {
        "scenarios": len({one["name"] for one in of("fault")}),
        "requests sent in them": total(of("fault"), "requests"),
        "kills": total(of("kill"), "count"),
        "corrupt stores": total(of("corrupt"), "count"),
        "hostile strings": total(of("hostile"), "count"),
        "ends of a screen": len({one["name"] for one in of("life")}),
        "cases of freshness": total(of("freshness"), "count"),
        "soak hours simulated": round(sum(float(one.get("hours") or 0.0) for one in of("soak")), 1),
        "RSS slope, MiB a simulated day": round(max(slopes), 3) if slopes else 0.0,
        "lost writes": total(all_, "lost"),
        "unreadable stores": total(all_, "unreadable"),
        "false-fresh moments": total(all_, "false_fresh"),
    }


def _counts(notes: Sequence[Note]) -> str:
    rows = [(name, _shown(value)) for name, value in counted(notes).items()]
    return _table(("count", "of"), [(value, name) for name, value in rows])


def _faults(notes: Sequence[Note]) -> str:
    found = [one for one in notes if one["kind"] == "fault"]
    if not found:
        return ""
    heads = ("fault", "what the screen said", "exit", "requests", "lost", "false-fresh", "recovered in s")
    keys = ("said", "exit_code", "requests", "lost", "false_fresh", "recovery_seconds")
    rows = [(str(one["name"]), *(_shown(one.get(key)) for key in keys)) for one in sorted(found, key=_name)]
    return "## Faults\n\n" + _table(heads, rows)


Section = tuple[str, str, tuple[str, ...]]
SECTIONS: tuple[Section, ...] = (
    ("kill", "Kills", ("what", "when", "count", "lost", "unreadable", "recovery_seconds")),
    ("corrupt", "Damaged stores", ("what", "count", "said", "set_aside")),
    ("life", "Ends of a screen", ("what", "said", "exit_code", "restored")),
    ("hostile", "Hostile strings", ("count", "characters")),
    ("freshness", "Laws of freshness", ("count",)),
    ("soak", "Soak", ("hours", "faults", "restarts", "rss_slope", "handles", "false_fresh", "lost")),
)


def _section(notes: Sequence[Note], kind: str, title: str, keys: tuple[str, ...]) -> str:
    found = sorted((one for one in notes if one["kind"] == kind), key=_name)
    kept = [key for key in keys if any(one.get(key) is not None for one in found)]
    if not found:
        return ""
    rows = [(str(one["name"]), *(_shown(one.get(key)) for key in kept)) for one in found]
    return f"## {title}\n\n" + _table(("", *(key.replace("_", " ") for key in kept)), rows)


def _name(one: Note) -> str:
    return str(one["name"])


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)


def _cell(text: str) -> str:
    plain = "".join(one if one.isprintable() else "?" for one in text)
    return plain.replace("|", "\\|")
