"""The generator in the browser: a latent explorer and a digit that never stands still.

Both are Streamlit v2 components that load networks from this server by address and compute every
picture in the page: no server round trip while a hand moves, no TensorFlow in the web server. Where
people are in latent space is in the page's address; Python only says which network there is.
"""

from collections.abc import Sequence
from importlib.resources import files

import streamlit as st

from gan.runs.snapshots import GENERATOR
from gan.runs.state import RunState
from gan.server import assets, networks, request_routes
from gan.view.figures.families import view_of
from gan.view.state import drawable_steps, judged_steps

_STYLES = (
    "kit/digits",
    *(f"explorer/{name}" for name in ("explorer", "beside", "export", "shortcuts")),
    *(f"explorer/{name}" for name in ("map/map", "path/path", "sum/sum", "find/find")),
)
_STYLE = "\n".join(
    (files("gan") / "web" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES
)
_EXPLORER = st.components.v2.component(
    "digit_forge_explorer", css=_STYLE, js=assets.loader("explorer/explorer.js")
)
_HERO = st.components.v2.component("digit_forge_hero", css=_STYLE, js=assets.loader("home/home.js"))


def explorer(state: RunState, *, key: str) -> None:
    """Let people move through the latent space of `state`, at any moment that it kept.

    `key` names this explorer on the page: another network needs another one.
    """
    _EXPLORER(key=key, data=about(state))


def hero(state: RunState, *, key: str, height: int = 420) -> None:
    """Show one large digit that keeps changing, and small ones that it has passed.

    `height` is the side of the large digit in CSS pixels, where the page is wide enough.
    """
    step = drawable_steps(state)[-1]
    _HERO(
        key=key,
        data={
            "network": f"{networks.folder(state.id)}/{step}/{GENERATOR}",
            "classes": _asked_classes(state),
            "height": height,
        },
    )


def about(state: RunState) -> dict[str, object]:
    """What the explorer in the browser has to know of a run that has saved a snapshot."""
    return {
        "run": state.id,
        "name": state.name,
        "networks": networks.folder(state.id),
        "classifier": networks.classifier(),
        "requests": request_routes.address(),
        "steps": drawable_steps(state),  # ascending
        "judged": judged_steps(state),  # those of which there is a discriminator
        "classes": _asked_classes(state),
        "leansTo": _hidden_digits(state),
        "isLive": state.status.is_live,
        "discriminator": view_of(state.config).discriminator(state.config),
    }


def _asked_classes(state: RunState) -> Sequence[int]:
    """The classes that a conditional network can be asked for; none of another."""
    return state.config.chosen_classes if state.config.is_conditional else ()


def _hidden_digits(state: RunState) -> Sequence[int]:
    """The classes that the first numbers of the noise lean to, in order; groups have no names."""
    return state.config.chosen_classes if state.config.conditional == "hidden" else ()
