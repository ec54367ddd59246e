"""The tables of the record, and what brings those of an earlier version up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from gan.runs import snapshots
from gan.runs.errors import HOME_VARIABLE, StoreError

VERSION: Final = 3
_TABLES: Final = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, config TEXT NOT NULL, created REAL NOT NULL,
    deleted REAL, parent TEXT, parent_step INTEGER
);
CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs (id), seq INTEGER NOT NULL, step INTEGER,
    kind TEXT NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (run, seq)
) WITHOUT ROWID;
"""
_JOB_TABLES: Final = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, options TEXT NOT NULL,
    created REAL NOT NULL
);
CREATE INDEX jobs_by_subject ON jobs (subject);
CREATE TABLE job_events (
    job TEXT NOT NULL REFERENCES jobs (id), seq INTEGER NOT NULL, at REAL NOT NULL,
    kind TEXT NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (job, seq)
) WITHOUT ROWID;
"""


def migrate(connection: sqlite3.Connection, home: Path) -> None:
    """Make the tables, or bring them up to date. Raises `StoreError` for those of a newer version.

    `connection` is in a transaction of its own, which ends with it.
    """
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreError(
            f"The runs in {home} were written by a newer Digit Forge (schema {version}, this one "
            f"knows {VERSION}). Nothing was changed: update Digit Forge, or set {HOME_VARIABLE} "
            "to another folder."
        )
    if version == 1:
        rows = connection.execute(
            "SELECT run, max(step) FROM events WHERE kind = 'Saved' GROUP BY run"
        ).fetchall()
        for run, step in rows:
            snapshots.number(home / "runs" / run, step)
        for column in ("parent TEXT", "parent_step INTEGER"):
            connection.execute(f"ALTER TABLE runs ADD COLUMN {column}")
    if version == 0:
        _make(connection, _TABLES)
    if version < VERSION:
        _make(connection, _JOB_TABLES)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _make(connection: sqlite3.Connection, tables: str) -> None:
    for statement in tables.split(";"):
        connection.execute(statement)
