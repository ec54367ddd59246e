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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

Latent = tuple[float, ...]

_ECHOES = 50  # commits remembered for a page that never echoes

_HERE = Path(__file__).parent
_SHARED = ("generator.js", "latent.js", "tile.js", "component.js")
_STYLE = (_HERE / "explorer.css").read_text(encoding="utf-8")


def _script(main: str) -> str:
    """One module out of several files: Streamlit turns inline code into a blob, where imports cannot work."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in (*_SHARED, main))


_EXPLORER = st.components.v2.component("digit_forge_explorer", css=_STYLE, js=_script("explorer.js"))
_HERO = st.components.v2.component("digit_forge_hero", css=_STYLE, js=_script("hero.js"))


def explorer(generator: bytes, *, z: Sequence[float] | None, key: str) -> list[float] | None:
    """Show a slider a latent dimension and the digit that they make.

    Args:
        generator: an exported generator; a damaged one shows a message in its place.
        z: latent vector [latent_dim] to go to, in hundredths from -3 to 3. ``None``, or a
            vector of another length, starts at a random draw. The browser goes there when
            the argument changes to something that it did not commit itself: a page may
            pass the same start every time, or echo the value returned (through the page's
            address, say), even some runs late.
        key: names this explorer on the page and in the session.

    Returns:
        Where the explorer stands, [latent_dim], in hundredths: what a hand last let go of
        or what ``z`` sent it to. ``None`` while it shows a random draw of its own.
    """
    size = _latent_dim(generator)
    memory = f"{key}:steering"
    steering = steer(st.session_state.get(memory), size=size, asked=_latent(z, size), commit=_commit(key, size))
    st.session_state[memory] = steering
    options = {"z": steering.target, "revision": steering.revision}
    _EXPLORER(key=key, data=pack(options, generator), on_commit_change=_heard)
    return None if steering.stands is None else list(steering.stands)


def hero(generator: bytes, *, key: str, height: int = 420) -> None:
    """Show one large digit that keeps changing, and small ones that it has passed.

    Args:
        generator: an exported generator; a damaged one shows a message in its place.
        key: names this hero on the page.
        height: side of the large digit in CSS pixels, where the page is wide enough.
    """
    _HERO(key=key, data=pack({"height": height}, generator))


@dataclass(frozen=True)
class Commit:
    """What the browser reports: z when a hand let go, and the steering revision that it had followed by then."""

    z: Latent
    revision: int


@dataclass(frozen=True)
class Steering:
    """How Python has steered one explorer so far."""

    size: int | None
    asked: Latent | None
    """What the page asked for in the last run."""
    target: Latent | None
    """Where Python last sent the browser."""
    revision: int
    """How often it did: a commit with an older number was overtaken by ``target``."""
    stands: Latent | None
    """Where the explorer stands now, as far as Python knows."""
    heard: tuple[Latent, ...] = ()
    """Commits that the page has not echoed yet, oldest first."""


def steer(previous: Steering | None, *, size: int | None, asked: Latent | None, commit: Commit | None) -> Steering:
    """Decide whether what a page asks for moves the browser.

    A page that keeps z in its address asks for what was committed one or more runs
    ago. Such echoes arrive in the order of the commits, which tells them from a step
    back in the browser's history. ``target`` changes only when it must: it travels with
    megabytes of weights, and Streamlit sends data again only when they differ.
    """
    if previous is None:
        return Steering(size, asked, target=asked, revision=0, stands=asked)
    if size != previous.size:
        return Steering(size, asked, target=asked, revision=previous.revision + 1, stands=asked)
    if commit is None or commit.revision != previous.revision:
        known, stands, heard = previous.target, previous.target, previous.heard
    else:
        known, stands, heard = previous.asked, commit.z, previous.heard
        if commit.z not in heard[-1:]:
            heard = (*heard, commit.z)[-_ECHOES:]
    if asked in heard:
        return replace(previous, asked=asked, stands=stands, heard=heard[heard.index(asked) + 1 :])
    if asked in (None, known):
        return replace(previous, asked=asked, stands=stands, heard=heard)
    return Steering(size, asked, target=asked, revision=previous.revision + 1, stands=asked)


def pack(options: Mapping[str, object], generator: bytes) -> bytes:
    """Put options in front of an exported generator, as the module's docstring describes."""
    text = json.dumps(options).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + generator


def _latent_dim(generator: bytes) -> int | None:
    """Length of z that an export's header names, ``None`` when it is damaged: the browser then says so."""
    try:
        (length,) = struct.unpack_from("<I", generator, 8)
        size = json.loads(generator[12 : 12 + length])["latent_dim"]
    except (struct.error, ValueError, KeyError, TypeError):
        return None
    return size if isinstance(size, int) else None


def _latent(values: object, size: int | None) -> Latent | None:
    """A vector of ``size`` numbers in hundredths from -3 to 3; ``None`` if it is anything else."""
    if not isinstance(values, Sequence) or isinstance(values, str | bytes) or len(values) != size:
        return None
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in values):
        return None
    return tuple(round(min(3.0, max(-3.0, float(value))), 2) for value in values)


def _commit(key: str, size: int | None) -> Commit | None:
    """The last commit in the session's state; nothing in it is taken on trust, for it comes from a browser."""
    state = st.session_state.get(key)
    told = state.get("commit") if isinstance(state, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    z, revision = _latent(told.get("z"), size), told.get("revision")
    return Commit(z, revision) if z is not None and isinstance(revision, int) else None


def _heard() -> None:
    """Streamlit keeps a component's state value only where a callback is named for it."""
