"""Who looks at the page that is drawn: which browser, and whether it runs on this computer."""

from __future__ import annotations

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gan.server.visitor import is_from_here, name_in


def visitor() -> str:
    """The name of the browser that asks; of its session, if it takes no cookies."""
    context = get_script_run_ctx()
    return name_in(st.context.cookies) or (context.session_id if context else "")


def sits_here() -> bool:
    """Whether the browser that asks runs on this computer; not known outside a page: no."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return False
    client = runtime.get_instance().get_client(context.session_id)
    handshake = client.client_context if client else None
    return handshake is not None and is_from_here(handshake.remote_ip, handshake.headers)
