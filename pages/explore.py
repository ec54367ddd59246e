"""Explore: a network's noise vector under the hand."""

import streamlit as st

from gan import latent
from gan.view import ui
from gan.view.explorer.explorer import explorer

REFRESH_SECONDS = 5.0


def main() -> None:
    """Choose a network, then move through its latent space."""
    st.title("Explore latent space", anchor=False)
    networks = {
        state.id: state
        for state in [*ui.pretrained(), *ui.runs()]
        if state.recording or state.saved_step is not None
    }
    run = _choose(networks)
    state = networks[run]
    st.fragment(_explore, run_every=REFRESH_SECONDS if state.status.is_live else None)(run)


def _choose(networks: dict) -> str:
    """The network that the address names, or the first; choosing another changes the address."""
    names = list(networks)
    asked = st.query_params.get("run")
    if asked and asked not in names:
        known = ui.find(asked)
        st.warning(
            f"The run {asked} has saved no snapshot to explore yet."
            if known
            else f"There is no run {asked}. It may have been deleted."
        )
    chosen = st.selectbox(
        "Network",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=lambda run: _label(networks[run]),
    )
    if chosen != asked:
        if asked in names:
            st.query_params.pop("z", None)  # it was another network's
        st.query_params["run"] = chosen
    return chosen


def _label(state) -> str:
    origin = "pretrained" if state.recording else f"step {state.saved_step:,}, {state.status}"
    return f"{state.name} ({state.config.architecture}, {origin})"


def _explore(run: str) -> None:
    state = ui.find(run)
    exported = ui.generator(state) if state else None
    if state is None or exported is None:
        st.error("This network is gone: it may have been deleted. Choose another.")
        return
    explorer(exported, z=_asked(state.config.latent_dim), key=f"explorer:{run}", on_commit=_keep)
    st.caption(
        f"{state.config.latent_dim} numbers make one digit. In training they were drawn from a "
        "normal distribution, so values near 0 are common and beyond 2 rare; no single number has "
        f"a meaning that anybody gave it. {ui.quality_words(state)}."
    )


def _keep(z: list[float]) -> None:
    st.query_params["z"] = latent.to_text(z)


def _asked(latent_dim: int) -> list[float] | None:
    """The noise vector in the address, if it carries one that fits."""
    text = st.query_params.get("z")
    if text is None:
        return None
    try:
        return latent.from_text(text, latent_dim)
    except latent.LatentError as error:
        st.warning(f"{error} A new one was drawn instead.")
        return None


main()
