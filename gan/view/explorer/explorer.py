"""The generator in the browser: a latent explorer and a digit that never stands still.

Both are Streamlit v2 components. Python sends an exported generator once (see
``gan.model.bundle``) and every picture after that is computed by the page: no
server round trip while a slider moves, no TensorFlow in the web server.

The data of a component are one ``bytes`` object, because Streamlit carries raw bytes
only at the top level::

    uint32, little endian     length of the options, a multiple of 4
    JSON, UTF-8, space-padded options
    the exported generator    untouched
"""

import json
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import streamlit as st

from gan.config import CLASSES

Latent = tuple[float, ...]

_HERE = Path(__file__).parent
_SHARED = ("generator.js", "latent.js", "tile.js", "component.js")
_STYLE = (_HERE / "explorer.css").read_text(encoding="utf-8")


def _script(*names: str) -> str:
    """Several files as one module: Streamlit makes inline code a blob, which cannot import."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in (*_SHARED, *names))


_EXPLORER = st.components.v2.component(
    "digit_forge_explorer", css=_STYLE, js=_script("sliders.js", "explorer.js")
)
_HERO = st.components.v2.component("digit_forge_hero", css=_STYLE, js=_script("hero.js"))


@dataclass(frozen=True)
class Place:
    """Where an explorer stands, or is asked to go."""

    z: Latent | None = None
    """Latent vector [latent_dim]; ``None`` is one that the browser drew and did not tell."""
    digit: int | None = None
    """The class that a conditional network is asked for; ``None`` in any other."""


def explorer(
    generator: bytes,
    *,
    z: Sequence[float] | None,
    digit: int | None = None,
    classes: Sequence[int] = (),
    key: str,
    on_commit: Callable[[Place], None] | None = None,
) -> Place:
    """Show a slider a latent dimension, a button a class, and the digit that they make.

    Args:
        generator: an exported generator; a damaged one shows a message in its place.
        z: latent vector [latent_dim] to go to, in hundredths from -3 to 3. ``None``, or a
            vector of another length, starts at a random draw. The browser goes there when
            the argument changes to something that it did not commit itself, so a page may
            pass the same start every time or echo what it was told.
        digit: the class to go to, likewise; ``None``, or one that cannot be chosen, is the first
            that can.
        classes: the classes that can be chosen: those that a conditional network has learned;
            empty for all of them. A network that is not conditional has none to choose from.
        key: names this explorer on the page and in the session.
        on_commit: called with where it stands when a hand lets go, before the page runs:
            the place to keep it in the address. (Writing it after every run instead would
            undo the browser's Back button.)

    Returns:
        Where the explorer stands, in hundredths: what a hand last let go of or what ``z`` and
        ``digit`` sent it to. Its z is ``None`` while it shows a random draw of its own.
    """
    size, learned = _sizes(generator, classes)
    memory = f"{key}:steering"
    steering = steer(
        st.session_state.get(memory),
        size=size,
        asked=_place(z, digit, size, learned),
        commit=_commit(key, size, learned),
    )
    st.session_state[memory] = steering

    def heard() -> None:
        commit = _commit(key, size, learned)
        if on_commit is not None and commit is not None:
            on_commit(commit.place)

    options = {**asdict(steering.target), "classes": learned, "revision": steering.revision}
    _EXPLORER(key=key, data=pack(options, generator), on_commit_change=heard)
    return steering.stands


def hero(generator: bytes, *, classes: Sequence[int] = (), key: str, height: int = 420) -> None:
    """Show one large digit that keeps changing, and small ones that it has passed.

    Args:
        generator: an exported generator; a damaged one shows a message in its place.
        classes: the classes that a conditional one is asked for, as in `explorer`.
        key: names this hero on the page.
        height: side of the large digit in CSS pixels, where the page is wide enough.
    """
    _, learned = _sizes(generator, classes)
    _HERO(key=key, data=pack({"height": height, "classes": learned}, generator))


@dataclass(frozen=True)
class Commit:
    """What the browser reports: its place when a hand let go, the last steering it had followed."""

    place: Place
    revision: int


@dataclass(frozen=True)
class Steering:
    """How Python has steered one explorer so far."""

    size: int | None
    asked: Place
    """What the page asked for in the last run."""
    target: Place
    """Where Python last sent the browser."""
    revision: int
    """How often it did: a commit with an older number was overtaken by ``target``."""
    stands: Place
    """Where the explorer stands now, as far as Python knows."""
    commit: Commit | None = None
    """The last commit seen."""
    echoes: bool = False
    """Whether the page asks for what was committed, rather than for one start for ever."""


def steer(
    previous: Steering | None, *, size: int | None, asked: Place, commit: Commit | None
) -> Steering:
    """Decide whether what a page asks for moves the browser.

    A run that brings a commit never does: the page may not have heard of it yet. In any
    other run a page that echoes commits and asks for something else means it (a step
    back in the browser's history, an edited address). ``target`` changes only when it
    must: it travels with megabytes of weights, which Streamlit sends again only when
    its bytes differ.
    """
    if previous is None:
        return Steering(size, asked, target=asked, revision=0, stands=asked, commit=commit)
    forgotten = commit is None and previous.commit is not None  # another page was shown in between
    moved = Steering(size, asked, asked, previous.revision + 1, asked, commit, previous.echoes)
    if forgotten or size != previous.size:
        return moved
    fresh = (
        commit is not None and commit != previous.commit and commit.revision == previous.revision
    )
    stands = commit.place if commit is not None and fresh else previous.stands
    echoes = previous.echoes or (
        asked.z is not None and asked == stands and asked != previous.asked
    )
    here = replace(previous, asked=asked, stands=stands, commit=commit, echoes=echoes)
    if fresh or asked == stands or (asked == previous.asked and not echoes):
        return here
    return replace(here, stands=asked) if asked == Place() else moved


def pack(options: Mapping[str, object], generator: bytes) -> bytes:
    """Put options in front of an exported generator, as the module's docstring describes."""
    text = json.dumps(options).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + generator


def _sizes(generator: bytes, classes: Sequence[int]) -> tuple[int | None, list[int]]:
    """Length of z that an export's header names, and which of its classes can be chosen.

    ``None`` and no class when it is damaged: the browser says so.
    """
    try:
        (length,) = struct.unpack_from("<I", generator, 8)
        header = json.loads(generator[12 : 12 + length])
        size, count = header["latent_dim"], header.get("classes", 0)
    except (struct.error, ValueError, KeyError, TypeError, AttributeError):
        return None, []
    if not isinstance(size, int) or not isinstance(count, int):
        return None, []
    return size, [digit for digit in range(min(count, CLASSES)) if not classes or digit in classes]


def _place(z: object, digit: object, size: int | None, learned: Sequence[int]) -> Place:
    """What of z and digit fits the network; a digit that does not is the first one learned."""
    first = learned[0] if learned else None
    return Place(_latent(z, size), next((known for known in learned if known == digit), first))


def _latent(values: object, size: int | None) -> Latent | None:
    """A vector of ``size`` numbers in hundredths from -3 to 3; ``None`` if it is anything else."""
    if not isinstance(values, Sequence) or isinstance(values, str | bytes) or len(values) != size:
        return None
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in values):
        return None
    return tuple(
        round(min(3.0, max(-3.0, value)), 2) + 0.0 for value in values
    )  # + 0.0 turns -0.0 into 0.0


def _commit(key: str, size: int | None, learned: Sequence[int]) -> Commit | None:
    """The last commit in the session's state. It comes from a browser: nothing is trusted."""
    state = st.session_state.get(key)
    told = state.get("commit") if isinstance(state, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    place, revision = _place(told.get("z"), told.get("digit"), size, learned), told.get("revision")
    return Commit(place, revision) if place.z is not None and isinstance(revision, int) else None
