"""Stored studies, the newest of each rule on each pair: what was counted over the same bars is not counted twice."""

import sqlite3

import msgspec

from ..model.study import Study


def read_study(database: sqlite3.Connection, name: str, digest: str) -> Study | None:
    """The study of a rule's id over bars and thresholds of this digest; None where it was not made yet."""
    row = database.execute("SELECT study FROM studies WHERE key = ?", (study_key(name, digest),)).fetchone()
    return decoded_study(row[0]) if row is not None else None


def decoded_study(text: bytes) -> Study | None:
    """A study as it was kept; None where another version wrote it: it is made again."""
    try:
        return msgspec.json.decode(text, type=Study)
    except msgspec.DecodeError:
        return None


def load_studies(database: sqlite3.Connection) -> dict[str, bytes]:
    """All that is kept, as it is kept, by :func:`study_key`: for who reads a store and leaves it alone."""
    return dict(database.execute("SELECT key, study FROM studies"))


def save_study(database: sqlite3.Connection, name: str, digest: str, study: Study) -> None:
    """Keep a study in place of the earlier ones of the same id."""
    before = study_key(name, "")
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("DELETE FROM studies WHERE substr(key, 1, ?) = ?", (len(before), before))
        database.execute("INSERT INTO studies VALUES (?, ?)", (before + digest, msgspec.json.encode(study)))


def study_key(name: str, digest: str) -> str:
    """A rule's id and the digest of what its study was made of."""
    return f"{name}|{digest}"
