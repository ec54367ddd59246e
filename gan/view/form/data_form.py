"""The form's questions about data: which pictures, which classes; one's own are looked at first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from gan.data import registry, uploads
from gan.data.digits import SIDE, DataError
from gan.data.pictures import MAX_PICTURE_PIXELS
from gan.data.registry import DataSet
from gan.runs import measures
from gan.server import painting
from gan.settings import config
from gan.settings.config import TrainConfig
from gan.view import actions
from gan.view.components import live
from gan.view.state import engine
from gan.words.text import plain

_OWN_IMAGES: Final = "Your own images"
_OTHER_FILE: Final = "A file on this computer"
_PREVIEWED: Final = 32


def data_fields(preset: str, defaults: TrainConfig) -> dict[str, Any]:
    """Ask for ``data`` and ``classes``; ``data`` is None as long as there is nothing."""
    options = [
        *registry.DATA_SETS,
        _OWN_IMAGES,
        *([_OTHER_FILE] if actions.may_name_files() else []),
    ]
    choice = st.selectbox(
        "Data",
        options,
        format_func=_offered,
        key=f"{preset}:data",
        help="The real pictures to learn from: handwriting, unless it says otherwise.",
    )
    values: dict[str, Any] = {"data": choice, "classes": config.ALL_CLASSES}
    has_classes = True
    if choice == _OWN_IMAGES:
        preview, values["data"] = _own_images(preset)
        has_classes = preview is not None and preview.classes is not None
    elif choice == _OTHER_FILE:
        values["data"] = st.text_input(
            "File",
            placeholder="mnist.npz",
            key=f"{preset}:file",
            help="An .npz file with x_train, uint8 [N, 28, 28], and y_train, or a ZIP of PNG or "
            "JPEG pictures.",
        )
    if words := measures.doubt(choice):
        st.warning(words, icon=":material/warning:")
    if has_classes:
        values["classes"] = _classes(preset, defaults, registry.DATA_SETS.get(choice))
    return values


def _offered(choice: str) -> str:
    """What the form says of a choice of data."""
    return registry.DATA_SETS[choice].words if choice in registry.DATA_SETS else choice


def _classes(preset: str, defaults: TrainConfig, data_set: DataSet | None) -> str:
    """Ask which classes, by the names that they have in `data_set`, if it is one with a name."""
    options = range(config.CLASSES)
    chosen = st.pills(
        "Classes",
        options,
        selection_mode="multi",
        default=list(defaults.chosen_classes),
        format_func=str if data_set is None else data_set.class_words,
        key=f"{preset}:{data_set.name if data_set and data_set.class_names else 'digits'}:classes",
        help="G learns to draw these and no others.",
        wrap=True,
    )
    if len(chosen) == len(options):
        return config.ALL_CLASSES
    return ",".join(str(index) for index in sorted(chosen))


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file of images holds, once converted: the first of them as a PNG, and how many."""

    png: bytes
    count: int
    classes: tuple[int, ...] | None
    """How many there are of each class, 0 to 9; None if they have no classes."""
    path: Path
    """Where they go once they are accepted."""

    @property
    def words(self) -> str:
        """The counts as people read them."""
        if self.classes is None:
            return (
                f"{self.count} images, without classes: folders named 0 to 9 in a ZIP would give "
                "them some."
            )
        counts = [f"{index}: {count}" for index, count in enumerate(self.classes) if count]
        return f"{self.count} images. Of each class: {', '.join(counts)}."


def _own_images(preset: str) -> tuple[Preview | None, str | None]:
    """A preview of the file that was given, and its path in the store once it was accepted."""
    file = st.file_uploader(
        "Images",
        type=["npz", "zip"],
        max_upload_size=uploads.MAX_FILE_BYTES >> 20,
        key=f"{preset}:images",
        help="A ZIP of PNG or JPEG pictures, in folders named 0 to 9 if they have classes; or an "
        ".npz with images, uint8 [N, H, W] or [N, H, W, 3], and perhaps labels. They become "
        f"{SIDE} x {SIDE} grey pixels with bright ink. At most "
        f"{uploads.MAX_PICTURES} pictures of {MAX_PICTURE_PIXELS // 10**6} megapixels.",
    )
    if file is None:
        st.caption("Nothing is kept before you have seen what it became.")
        return None, None
    try:
        preview = _preview(file.file_id, str(engine().store.home), file)
        sheet = live.encode_sheet(
            preview.png,
            step=0,
            label=f"The first of {preview.words}",
            count=min(preview.count, _PREVIEWED),
        )
        live.sample_grid(sheet, key=f"{preset}:preview")
        st.caption(preview.words)
        if preview.path.is_file():
            st.caption("These are the images to learn from.")
            return preview, str(preview.path)
        if st.button("Use these images", icon=":material/check:", key=f"{preset}:use"):
            uploads.store(uploads.read(file.getvalue(), file.name), engine().store.home)
            st.rerun()
        return preview, None
    except DataError as error:
        st.error(plain(f"Nothing was kept. {error}"), icon=":material/error:")
    except OSError as error:
        st.error(plain(f"The images could not be kept: {error}."), icon=":material/error:")
    return None, None


@st.cache_data(max_entries=64, show_spinner="Reading the images")
def _preview(file_id: str, home: str, _file: UploadedFile) -> Preview:
    """Raises `DataError` if the file cannot be used."""
    digits = uploads.read(_file.getvalue(), _file.name)
    counts = None if digits.labels is None else np.bincount(digits.labels, minlength=10).tolist()
    return Preview(
        png=painting.encode_images(digits.images[:_PREVIEWED], origin="real"),
        count=len(digits),
        classes=counts and tuple(counts),
        path=uploads.stored_path(digits, Path(home)),
    )
