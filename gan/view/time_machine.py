"""One cursor through a run: what it drew, and how its curves stood, at any moment."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from gan.events import RunStatus
from gan.runs.moments import moments
from gan.runs.state import RunState
from gan.view import curve_figures, games, ui
from gan.view.figures import COLOURS, Line
from gan.view.live.film import Curve, encode_film, film

_HELP = "Move through the run: what it drew, and how its curves stood, at any moment."


def show(state: RunState) -> None:
    """Offer the time machine for a run that stands still: paused, over or recorded."""
    is_still = state.status is RunStatus.PAUSED or not state.status.is_live or state.recording
    if not is_still or not state.progress:
        return
    if not st.toggle("Time machine", key=f"film:{state.id}:on", help=_HELP):
        return
    key = f"film:{state.id}"
    film(
        _film(state.id, state.seq, state),
        key=key,
        on_branch=lambda step: _branch(state, step, key),
    )
    if st.session_state.pop(f"{key}:left", False):
        st.rerun()  # the address names another run now
    st.caption(
        "Drag the slider or the curves, or play. Pictures are of the same noise vectors throughout."
    )


def _branch(state: RunState, step: int, key: str) -> None:
    """Let a new run go on from there, as long as the run was meant to take."""
    budget = state.longer(step, steps=state.config.max_steps, seconds=state.config.max_seconds)
    branch = ui.branch(state, step, budget, state.branch_name(step))
    if branch:
        st.query_params["run"] = branch
        st.session_state[f"{key}:left"] = True


@st.cache_data(max_entries=8, show_spinner="Developing the film")
def _film(run: str, seq: int, _state: RunState) -> bytes:
    """Made once for all viewers of a run."""
    snapshots = [] if _state.recording else [saved.step for saved in _state.saved]
    return encode_film(
        ui.samples(_state),
        _curves(_state),
        moments(_state),
        snapshots,
        _state.config.sample_columns,
    )


def _curves(state: RunState) -> list[Curve]:
    if not state.config.is_adversarial:
        vae = curve_figures.vae_curve(state.progress, state.config.divergence_weight)
        terms = (
            Line("reconstruction", vae.reconstruction, COLOURS["generator"], "dash"),
            Line("divergence", vae.divergence, COLOURS["encoder"], "dot"),
        )
        return [Curve("Loss", vae.step, terms), *_checks(state)]
    game = curve_figures.game_curve(state.progress)
    losses: tuple[Line, ...] = (
        Line("D", game.d_loss, COLOURS["discriminator"], "solid"),
        Line("G", game.g_loss, COLOURS["generator"], "dash"),
    )
    if not games.GAMES[state.config.loss].g_loss_has_scale:
        losses = losses[:1]
    scores = (
        Line("real", game.d_real, COLOURS["real"], "solid"),
        Line("generated", game.d_fake, COLOURS["generated"], "dot"),
    )
    return [
        Curve("Loss", game.step, losses),
        Curve("D's score", game.step, scores),
        *_checks(state),
    ]


def _checks(state: RunState) -> Iterator[Curve]:
    """What the judge found: the distance, and whether classes go missing."""
    checks = state.quality
    steps = tuple(check.step for check in checks)
    distances = tuple(check.frechet_distance for check in checks)
    floors = tuple(check.floor for check in checks)
    yield Curve(
        "Frechet distance",
        steps,
        (
            Line("generated", distances, COLOURS["generated"], "solid"),
            Line("real", floors, COLOURS["real"], "dash"),
        ),
        logarithmic=min((*distances, *floors), default=0.0) > 0,
    )
    chosen = state.config.chosen_classes
    shares = [[100 * check.coverage[digit] for digit in chosen] for check in checks]
    yield Curve(
        "Share of a class (%)",
        steps,
        (
            Line("commonest", tuple(map(max, shares)), COLOURS["generated"], "solid"),
            Line("rarest", tuple(map(min, shares)), COLOURS["neutral"], "dot"),
        ),
    )
