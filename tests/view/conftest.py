"""The pages without a browser, and without TensorFlow behind them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from support import ROOT

from gan.jobs.engine import Engine
from gan.runs.store import RunStore
from gan.view import ui

WORKER = (sys.executable, str(ROOT / "tests" / "jobs" / "scripted_worker.py"))


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The pages' engine, on a store of its own, with a worker that acts."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    st.cache_resource.clear()
    store = RunStore(tmp_path / "home")
    engine = Engine(store, WORKER)
    monkeypatch.setattr(ui, "_engine", lambda: engine)
    monkeypatch.setattr(ui, "visitor", lambda: "somebody")
    yield engine
    engine.close()
    store.close()


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
