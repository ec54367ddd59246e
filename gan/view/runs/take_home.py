"""A run as a ZIP: to download, and to bring in from elsewhere."""

from __future__ import annotations

import re
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from gan.exports import package
from gan.runs import library
from gan.runs.errors import StoreError, explained
from gan.runs.leftovers import IMPORTING, IMPORTS
from gan.runs.state import RunState
from gan.view.state import engine
from gan.view.turns import TURNS
from gan.words.text import plain

MAX_NAME_BYTES: Final = 200
_DONE: Final = "imported"


def export(state: RunState) -> None:
    """Offer the run as a ZIP; it is made when it is asked for."""
    if library.is_lesson(state) or not (state.recording or state.saved):
        return
    with_tensorboard = st.checkbox(
        "With TensorBoard files", key=f"tensorboard:{state.id}", help="For tensorboard --logdir."
    )
    st.download_button(
        "Download as a ZIP",
        data=partial(_packed, state, with_tensorboard),
        file_name=f"{_file_name(state.name)}-{state.saved_step or state.step}.zip",
        mime="application/zip",
        icon=":material/download:",
        key=f"export:{state.id}",
        on_click="ignore",
        help="Weights, settings, curve, pictures, a film, an ONNX model, and a script that draws.",
    )


def _packed(state: RunState, with_tensorboard: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.zip"
        package.write(engine().store, state, file, with_tensorboard)
        return file.read_bytes()


def _file_name(name: str) -> str:
    """A file's name for a run: of letters, and short enough for any system, which counts bytes."""
    plain = re.sub(r"[^\w-]+", "-", name)
    return plain.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip("-") or "run"


def import_run() -> None:
    """Ask for such a ZIP; opens the run that it becomes."""
    with st.expander("Import a run", icon=":material/upload:"):
        file = st.file_uploader(
            "A ZIP that Digit Forge exported, here or elsewhere",
            type=["zip"],
            help="Nothing in it is executed. Its weights are checked against its settings.",
        )
        if file is None or st.session_state.get(_DONE) == file.file_id:
            return
        try:
            with st.spinner("Checking the weights"), TURNS.aside():
                run = _imported(file)
        except StoreError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.session_state[_DONE] = file.file_id
    st.switch_page("pages/run.py", query_params={"run": run})


def _imported(file: UploadedFile) -> str:
    home = engine().store.home
    with explained(home):
        (home / IMPORTS).mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=IMPORTING, dir=home / IMPORTS) as folder:
            path = Path(folder) / f"{_file_name(Path(file.name).stem)}.zip"
            path.write_bytes(file.getbuffer())
            return engine().take_in(path)
