"""The pages without a browser, and without TensorFlow behind them."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from support import ROOT

from gan.jobs.engine import Engine


@pytest.fixture(autouse=True, scope="module")
def what_is_there_already_is_not_collected() -> Iterator[None]:
    """Streamlit collects garbage after each run of a page: with Keras loaded, for 0.2 s each."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.chdir(ROOT)
    st.cache_data.clear()
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
