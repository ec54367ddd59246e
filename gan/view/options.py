"""What only Streamlit knows, for the routes and the middleware, which do not import it."""

from __future__ import annotations

import streamlit as st
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from gan.server.host_check import AllowedNames


def base_path() -> str:
    """The path below which this server serves the whole app; mostly none."""
    return str(st.get_option("server.baseUrlPath") or "")


def allowed_names() -> AllowedNames:
    """The names by which this server is known, and whom else it lets ask."""
    given = [st.get_option(name) for name in ("browser.serverAddress", "server.address")]
    return AllowedNames(
        hosts=st.get_option("server.allowedHosts") or (),
        addresses=[address for address in given if address],
        origins=st.get_option("server.corsAllowedOrigins") or (),
    )


def largest_upload_mb() -> int:
    """The size of the largest file that a page may send."""
    largest: int = st.get_option("server.maxUploadSize")
    return largest


def held_files(session: str) -> list[int]:
    """The sizes of the files that the server holds for a session: Streamlit knows when they go."""
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    if not isinstance(manager, MemoryUploadedFileManager):
        return []
    return [len(file.data) for file in list(manager.file_storage.get(session, {}).values())]
