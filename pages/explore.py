"""Explore: a network's noise vector under the hand, and the digit that it is asked for."""

import streamlit as st

from gan import latent
from gan.config import TrainConfig
from gan.view import ui
from gan.view.explorer.explorer import Place, explorer

REFRESH_SECONDS = 5.0


def main() -> None:
    """Choose a network, then move through its latent space."""
    st.title("Explore latent space", anchor=False)
    networks = {
        state.id: state
        for state in [*ui.pretrained(), *ui.runs(), *ui.lessons()]
        if state.recording or state.saved_step is not None
    }
    run = _choose(networks)
    st.fragment(_explore, run_every=REFRESH_SECONDS if networks[run].status.is_live else None)(run)


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
            st.query_params.clear()  # z and digit were another network's
        st.query_params["run"] = chosen
    return chosen


def _label(state) -> str:  # Streamlit tells options apart by their labels: no two may be the same
    kind = state.config.architecture + (", conditional" if state.config.is_conditional else "")
    if state.recording:
        what = "a preset, recorded" if state.saved else "pretrained"
        return f"{state.name} ({kind}, {what})"
    return f"{state.name} ({kind}, step {state.saved_step:,}, {state.status}, {state.id})"


def _explore(run: str) -> None:
    state = ui.find(run)
    exported = ui.generator(state) if state else None
    if state is None or exported is None:
        st.error("This network is gone: it may have been deleted. Choose another.")
        return
    config = state.config
    explorer(
        exported,
        z=_asked_z(config),
        digit=_asked_digit(config),
        classes=config.chosen_classes,
        key=f"explorer:{run}",
        on_commit=_keep,
    )
    st.caption(f"{ui.noise_words(config)} {ui.quality_words(state)}. {_rounding(state)}")


def _rounding(state) -> str:
    if not (state.recording and state.saved):
        return ""
    return "This recording's weights are rounded to 8 bits: its digits differ by a shade of grey."


def _keep(place: Place) -> None:
    address = {"run": st.query_params["run"], "z": latent.to_text(place.z)}
    if place.digit is not None:
        address["digit"] = str(place.digit)
    st.query_params.from_dict(address)  # at once: one step of the browser's history


def _asked_z(config: TrainConfig) -> list[float] | None:
    """The noise vector in the address, if it carries one that fits."""
    text = st.query_params.get("z")
    try:
        return None if text is None else latent.from_text(text, config.latent_dim)
    except latent.LatentError as error:
        st.warning(f"{error} A new one was drawn instead.")
        return None


def _asked_digit(config: TrainConfig) -> int | None:
    """The digit in the address, if it carries one that this network can be asked for."""
    text = st.query_params.get("digit")
    known = {str(digit): digit for digit in config.chosen_classes}
    if text is not None and not config.is_conditional:
        st.warning("This address asks for a digit; this network chooses itself what it draws.")
    elif text is not None and text not in known:
        st.warning(
            f"This address asks for a digit that this network has not learned: it knows "
            f"{', '.join(known)}. It draws the {next(iter(known))} instead."
        )
    return known.get(text)


main()
