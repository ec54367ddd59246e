"""What the pages share: the engine, run states kept between ticks, furniture."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st

from gan.data import uploads
from gan.data.datasets import DataError
from gan.exports.history import NAMED_DATA
from gan.jobs import machine
from gan.jobs.engine import Engine
from gan.jobs.limits import Limits
from gan.jobs.passing import PassingJobs
from gan.jobs.queue import waits
from gan.messages.events import Command, RunStatus, Samples
from gan.runs import library
from gan.runs.errors import NoSuchRun, StoreError, UnreadableRun
from gan.runs.measures import quality_words as quality_words
from gan.runs.snapshots import GENERATOR
from gan.runs.state import RunState
from gan.runs.store import Head, RunStore, default_home
from gan.server import sheets
from gan.server.visitor import sits_here, visitor
from gan.settings.config import ConfigError, TrainConfig
from gan.settings.presets import presets
from gan.view.turns import TURNS
from gan.words.text import plain

Color = Literal["gray", "blue", "green", "red", "orange"]
HOME_NETWORK: Final = "digits"
_PROBLEM: Final = "problem"
_ANSWER_SECONDS: Final = 1.5
"""A command is obeyed within this time, if slowly; then what is drawn next shows it."""
_RETRY_SECONDS: Final = 1.0
"""Pages of many visitors ask for the engine again and again while there can be none."""
_reading: Final = threading.Lock()
"""What sixty ask for at once is read once."""
_BADGES: Final[dict[RunStatus, tuple[str, Color]]] = {
    RunStatus.QUEUED: (":material/hourglass_empty:", "gray"),
    RunStatus.STARTING: (":material/hourglass_top:", "gray"),
    RunStatus.RUNNING: (":material/play_arrow:", "blue"),
    RunStatus.PAUSED: (":material/pause:", "orange"),
    RunStatus.FINISHED: (":material/check:", "green"),
    RunStatus.STOPPED: (":material/stop:", "gray"),
    RunStatus.FAILED: (":material/error:", "red"),
    RunStatus.INTERRUPTED: (":material/power_off:", "orange"),
}


@dataclass(slots=True)
class _Refusal:
    """Why there could be no engine when one was last tried."""

    words: str = ""
    until: float = 0.0
    """Until when nobody tries again."""


_refusal: Final = _Refusal()


@st.cache_resource(show_spinner=False)
def _engine() -> Engine:
    """One thread at a time comes here, until there is one; raises `StoreError` as long as not."""
    if time.monotonic() < _refusal.until:
        raise StoreError(_refusal.words)
    try:
        return _opened()
    except StoreError as error:
        _refusal.words, _refusal.until = str(error), time.monotonic() + _RETRY_SECONDS
        raise


def _opened() -> Engine:
    store = RunStore(default_home())
    try:
        return Engine(store)
    except BaseException:
        store.close()
        raise


@st.cache_resource(show_spinner=False)
def _known() -> dict[str, RunState]:
    """The last state seen of each run, so that a tick folds only what is new."""
    return {}


def warm_up() -> None:
    """Start the engine with the server; a page says so if that is not possible."""
    machine.allow_more_files()  # before there are visitors, who take some each
    try:
        _engine()
    except StoreError as error:
        print(error)


def close() -> None:
    """Let running work save what it learned, and end it: the server is going away."""
    try:
        _engine().close()
    except StoreError:
        pass  # there was none


def engine() -> Engine:
    """The one engine of this server. Ends the page with a message if there can be none."""
    with _explained():
        return _engine()


def find(run: str) -> RunState | None:
    """The run of this id, stored here or shipped with the project, as it stands now."""
    with _explained():
        return known(run)


def relative(run: str) -> RunState | None:
    """As `find`, of a run that a page only mentions: if it cannot be read, a warning says so."""
    try:
        return known(run)
    except StoreError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return None


def runs() -> list[RunState]:
    """All runs, newest first; one that cannot be read is left out, with a warning."""
    with _explained():
        states, troubles = known_runs()
    for trouble in troubles:
        st.warning(plain(trouble), icon=":material/warning:")
    return states


def known(run: str) -> RunState | None:
    """As `find`, also where no page is drawn: raises `StoreError`."""
    return library.shipped(run) if run in library.shipped_names() else _stored(run)


def is_known(run: str) -> bool:
    """Whether there is such a run, or one that cannot be read. Raises nothing."""
    try:
        return known(run) is not None
    except UnreadableRun:
        return True
    except StoreError:
        return False


def known_runs() -> tuple[list[RunState], list[str]]:
    """All runs, newest first, and what is said of those that cannot be read.

    Only what has changed since somebody asked last is read. Raises `StoreError` if none can be.
    """
    states, troubles = [], []
    for head in _engine().store.heads():
        try:
            states.append(_read(head))
        except NoSuchRun:
            pass  # deleted a moment ago
        except StoreError as error:
            troubles.append(str(error))
    return states, troubles


def _stored(run: str) -> RunState | None:
    try:
        return _read(_engine().store.head(run))
    except NoSuchRun:
        _known().pop(run, None)
        return None


def _read(head: Head) -> RunState:
    """A run as it stands; only what is new since somebody asked last is read."""
    known, engine = _known(), _engine()
    with _reading:
        state = known.get(head.run)
        if state is None or head.seq < state.seq:
            state = engine.store.state(head.run)
        elif head.seq > state.seq:
            state = engine.store.advance(state)
        known[head.run] = state = replace(state, name=head.name)
    unrecorded = engine.unrecorded.get(head.run)
    return state.after([(state.seq, unrecorded)]) if unrecorded else state


@contextmanager
def _explained() -> Iterator[None]:
    """End the page with the store's own words if it cannot be used."""
    try:
        yield
    except StoreError as error:
        st.error(plain(str(error)), icon=":material/error:")
        st.stop()


def pretrained() -> list[RunState]:
    """The networks that ship with the project."""
    return [library.pretrained(name) for name in library.pretrained_names()]


def lesson_names() -> list[str]:
    """The ids of the recordings of the presets, in the order of the presets."""
    names = set(library.shipped_names())
    return [name for preset in presets() if (name := library.recording_of(preset)) in names]


def lessons() -> list[RunState]:
    """The recordings of the presets, in the order of the presets; a damaged one is left out."""
    found = []
    for name in lesson_names():
        try:
            found.append(library.shipped(name))
        except StoreError as error:
            st.warning(plain(str(error)), icon=":material/warning:")
    return found


def recording_link(preset: str, label: str) -> None:
    """A door to the recording of `preset`, if it ships with one."""
    name = library.recording_of(preset)
    if name in library.shipped_names():
        st.page_link(
            "pages/run.py", label=label, icon=":material/movie:", query_params={"run": name}
        )


def sample_places(state: RunState) -> list[tuple[int, int]]:
    """Where `samples_at` finds each of a run's samples, and its step, in order."""
    return library.sample_places(engine().store, state)


def samples_at(run: str, place: int) -> tuple[TrainConfig, Samples]:
    """The samples at one of a run's `sample_places`, for a route: raises `StoreError`."""
    return library.samples_at(_engine().store, run, place)


def drawable_steps(state: RunState) -> list[int]:
    """The steps of which a run kept a generator, ascending."""
    return library.drawable_steps(engine().store, state)


def judged_steps(state: RunState) -> list[int]:
    """Those of them of which it kept a discriminator too."""
    return library.judged_steps(engine().store, state)


def network_file(run: str, step: int | None, name: str) -> bytes | None:
    """A run's ``generator.bin`` or ``discriminator.bin``, for a route: raises `StoreError`.

    Without a step, the newest.
    """
    store = _engine().store
    state = library.find(store, run)
    read = library.generator if name == GENERATOR else library.discriminator
    return read(store, state, step)


def config_of(run: str) -> TrainConfig:
    """The config of a run, for a route: raises `StoreError`."""
    return library.find(_engine().store, run).config


def passing() -> PassingJobs:
    """Where passing jobs are asked for, for a route: raises `StoreError`."""
    return _engine().passing


def start(config: TrainConfig, name: str) -> str | None:
    """Queue a run; its id, or None after saying why not."""
    try:
        _check_source(config)
        with TURNS.aside():  # it reads the digits, which may take a while
            return engine().submit(config, name, visitor())
    except (ConfigError, DataError, StoreError) as error:
        st.error(plain(f"Nothing was started. {error}"), icon=":material/error:")
        return None


def may_name_files() -> bool:
    """Whether who asks may name files of the server: others may not even know which there are."""
    return sits_here()


def _check_source(config: TrainConfig) -> None:
    """Raise `DataError` if `config` names a file of the server, and who asks may not."""
    is_sent = uploads.is_stored(Path(config.data), engine().store.home)
    if not (config.data in NAMED_DATA or is_sent or may_name_files()):
        raise DataError(
            "Files of the server can only be named by a browser that runs on the server itself: "
            "send a file of your own under Data."
        )


def tell(run: str, command: Command) -> None:
    """Send a command to a run, from a button's callback; `show_problem` tells if that failed."""
    try:
        before, seen = _seq(run), engine().news(0, timeout=0.0)
        engine().tell(run, command)
        deadline = time.monotonic() + _ANSWER_SECONDS
        while _seq(run) == before and (left := deadline - time.monotonic()) > 0:
            seen = engine().news(seen, left)
    except (ConfigError, StoreError) as error:
        st.session_state[_PROBLEM] = f"Nothing was changed. {error}"


def _seq(run: str) -> int:
    state = _stored(run)
    return state.seq if state else 0


def go_on(state: RunState, changes: Mapping[str, Any]) -> bool:
    """Queue a run that is over to go on; False after saying why it cannot."""
    try:
        with TURNS.aside():
            engine().go_on(state.id, changes, visitor())
    except (ConfigError, StoreError) as error:
        st.error(plain(f"Nothing was changed. {error}"), icon=":material/error:")
        return False
    _known().pop(state.id, None)
    return True


def branch(state: RunState, step: int, changes: Mapping[str, Any], name: str) -> str | None:
    """Queue a branch of a run; its id, or None after saying why there can be none."""
    try:
        with TURNS.aside():
            return engine().branch(state.id, step, changes, name, visitor())
    except (ConfigError, StoreError) as error:
        st.error(plain(f"Nothing was started. {error}"), icon=":material/error:")
        return None


def branches(run: str) -> list[RunState]:
    """The branches of a run that can be read, oldest first."""
    with _explained():
        found = engine().store.branches(run)
    return [state for state in map(relative, found) if state]


def change(action: Literal["rename", "delete", "restore"], run: str, *values: str) -> bool:
    """Change a run, from a button's callback; False if that failed, which `show_problem` tells."""
    try:
        keeper = engine() if action == "delete" else engine().store  # it knows what is under way
        getattr(keeper, action)(run, *values)
    except StoreError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    _known().pop(run, None)
    return True


def stop_button(state: RunState) -> None:
    """Stop, for a live run; one that the command line started is stopped there."""
    if not state.status.is_live:
        return
    if not engine().has(state.id):
        st.caption("Runs in a terminal: Ctrl-C there stops it.")
        return
    is_stopping = engine().is_stopping(state.id)
    st.button(
        "Stopping" if is_stopping else "Stop",
        icon=":material/stop:",
        key=f"stop:{state.id}",
        on_click=engine().stop,
        args=(state.id,),
        disabled=is_stopping,
        help="Ends the run after the steps at hand; what it learned is kept.",
    )


def wait_words(state: RunState) -> str:
    """Where a queued run stands, and how long that is likely to take."""
    engine = _engine()
    place = engine.place(state.id)
    if place is None:
        return "Waiting for its turn."
    at_work = [_seconds_left(run) for run in engine.at_work]
    ahead = [_seconds_left(run) for run in engine.waiting[:place]]
    if place == 0:
        text = "Next in line"
    else:
        text = "One run starts" if place == 1 else f"{place} runs start"
        text += " before this one"
    seconds = waits(at_work, ahead, engine.limits.slots)
    if seconds is None:
        return f"{text}. Nobody can say when: one of those before it is paused, or counts steps."
    return f"{text}, in about {duration_words(seconds)}."


def is_stopping(run: str) -> bool:
    """Whether somebody has stopped a run that is not over yet."""
    return _engine().is_stopping(run)


def waiting_behind(run: str) -> int:
    """How many runs wait for the place of `run`, which this server holds; else none."""
    engine = _engine()
    return len(engine.waiting) if engine.has(run) else 0


def limits() -> Limits:
    """What this server allows."""
    return _engine().limits


def _seconds_left(run: str) -> float | None:
    """What a run still takes; None if it has no end in sight, or nobody can say."""
    try:
        state = _stored(run)
    except StoreError:
        return None
    if state is None:
        return 0.0
    if state.status is RunStatus.PAUSED:
        return None
    if state.progress:
        return state.seconds_left
    return state.config.max_seconds if state.config.max_steps is None else None


@contextmanager
def popover(label: str, key: str, **look: Any) -> Iterator[bool]:
    """A popover, and whether it is open: what is in a closed one need not be drawn."""
    box = st.popover(label, key=key, on_change="rerun", **look)
    with box:
        yield bool(box.open)


def show_problem() -> None:
    """Say, once, what a callback could not do."""
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(plain(problem), icon=":material/error:")


def badge(state: RunState) -> None:
    """The run's status, as a word with a sign and a colour."""
    if state.recording:
        st.badge("recording", icon=":material/movie:", color="violet")
        return
    if state.status.is_live and is_stopping(state.id):
        st.badge("stopping", icon=":material/stop:", color="orange")
        return
    icon, color = _BADGES[state.status]
    st.badge(state.status, icon=icon, color=color)
    if state.is_imported:
        st.badge("imported", icon=":material/upload:", color="gray")


def duration_words(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def when_words(state: RunState) -> str:
    """When the run was started, by the server's clock; nothing for a recording."""
    return "" if state.recording else time.strftime("%d %b %H:%M, ", time.localtime(state.created))


def samples_png(state: RunState, rows: int = 8) -> bytes:
    """The first `rows` rows of a run's samples as one PNG, encoded once for all viewers."""
    assert state.samples is not None
    columns = state.config.sample_columns
    return sheets.encoded(state.samples.images[: rows * columns].tobytes(), columns)


def noise_words(config: TrainConfig) -> str:
    """What the numbers are that a network of this kind draws from."""
    asked = ", and the digit is asked for" if config.is_conditional else ""
    origin = (
        "drawn from a normal distribution"
        if config.is_adversarial
        else "an encoder's codes of real digits, held close to a normal distribution"
    )
    meaning = "no single number has a meaning that anybody gave it"
    if config.conditional == "hidden":
        classes = ", ".join(map(str, config.chosen_classes))
        meaning = (
            f"the first {len(config.chosen_classes)} lean towards the digits {classes}, the "
            "largest of them names the digit, and the others have no meaning that anybody gave them"
        )
    return (
        f"{config.latent_dim} numbers make one digit{asked}. In training they were {origin}, so "
        f"values near 0 are common and beyond 2 rare; {meaning}."
    )
