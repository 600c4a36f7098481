"""Stored studies, the newest of each rule on each pair: what was counted over the same bars is not counted twice."""

import sqlite3

import msgspec

from ..model.study import Study


def read_study(database: sqlite3.Connection, name: str, digest: str) -> Study | None:
    """The study of a rule's id over bars and thresholds of this digest; None where it was not made yet."""
    row = database.execute("SELECT study FROM studies WHERE key = ?", (_key(name, digest),)).fetchone()
    if row is None:
        return None
    try:
        return msgspec.json.decode(row[0], type=Study)
    except msgspec.DecodeError:
        # written by another version: it is made again
        return None


def save_study(database: sqlite3.Connection, name: str, digest: str, study: Study) -> None:
    """Keep a study in place of the earlier ones of the same id."""
    before = _key(name, "")
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM studies WHERE substr(key, 1, ?) = ?", (len(before), before))
        database.execute("INSERT INTO studies VALUES (?, ?)", (before + digest, msgspec.json.encode(study)))


def _key(name: str, digest: str) -> str:
    return f"{name}|{digest}"
