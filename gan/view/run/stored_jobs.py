"""What can be done with a run beside training it: a section a kind of stored job.

Each shows what it offers, its place in line, how far it is, and what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from gan.jobs import kinds
from gan.jobs.kinds import Kind
from gan.runs import library
from gan.runs.jobs import JobState, JobStatus
from gan.runs.state import RunState
from gan.view import actions
from gan.view.components import live
from gan.view.components.live import Part
from gan.view.run import judging
from gan.view.state import engine, mentioned_run
from gan.view.streams import jobs, topics
from gan.view.words import date_words
from gan.words.failures import failure
from gan.words.text import plain

_SHOWN_EARLIER: Final = 5


@dataclass(frozen=True, slots=True)
class Section:
    """How a kind of job stands on the page of a run."""

    heading: str
    explanation: str
    """What it does, what it costs, and what stays of it."""
    draw: Callable[[JobState], None] | None = None
    """Shows what came of one that is done; without it, that stands in a line."""


SECTIONS: Final[Mapping[str, Section]] = {
    "judge": Section("Judge thoroughly", judging.EXPLANATION, judging.show),
}
"""A kind that is not here has a button, and what came of it in a line."""


def show(state: RunState) -> None:
    """Offer every kind of stored job for a run that kept a snapshot."""
    if library.is_lesson(state) or not (state.recording or state.saved):
        return
    done = jobs.about(state)
    for kind in kinds.stored():
        _show_kind(state, kind, [job for job in done if job.kind == kind.name])


def show_open() -> None:
    """A list of the jobs that are open, wherever their runs are."""
    found = jobs.open_ones()
    if not found:
        return
    st.subheader("Jobs that are open", anchor=False)
    for job in reversed(found):  # the oldest first, as they are done
        with st.container(border=True):
            kind = kinds.KINDS.get(job.kind)
            about = mentioned_run(job.subject)
            name = about.name if about else job.subject
            st.markdown(f"**{kind.title if kind else plain(job.kind)}** {plain(name)}")
            _show_open(job, topics.RUNS)
            st.page_link(
                "pages/run.py",
                label="Open its run",
                icon=":material/monitoring:",
                query_params={"run": job.subject},
            )


def _show_kind(state: RunState, kind: Kind, found: list[JobState]) -> None:
    section = SECTIONS.get(kind.name) or Section(kind.title, "")
    st.subheader(section.heading, anchor=False)
    if section.explanation:
        st.caption(section.explanation)
    open_ones = [job for job in found if job.status.is_live]
    for job in open_ones:
        _show_open(job, topics.run_topic(state.id))
    if not open_ones:
        _show_end(found)
        st.button(
            section.heading,
            icon=":material/play_arrow:",
            key=f"job:{kind.name}:{state.id}",
            on_click=actions.start_job,
            args=(kind.name, state.id),
            help=kind.title,
        )
    done = [job for job in found if job.status is JobStatus.DONE]
    if done:
        (section.draw or _in_a_line)(done[0])
    for job in done[1 : 1 + _SHOWN_EARLIER]:
        st.caption(f"{date_words(job.ended)}: {plain(kinds.in_a_line(job.kind, job.result))}")


def _show_open(job: JobState, topic: str) -> None:
    """How far a job is, pushed, and a button to cancel it."""
    live.standing(Part(topic, jobs.part_of(job)))
    is_ending = engine().stored.is_stopping(job.id)
    st.button(
        "Cancelling" if is_ending else "Cancel",
        icon=":material/stop:",
        key=f"cancel:{topic}:{job.id}",
        on_click=actions.cancel_job,
        args=(job.id,),
        disabled=is_ending,
        help="Nothing is kept of what it has done until now.",
    )


def _show_end(found: list[JobState]) -> None:
    """Why the last one came to nothing, if it did."""
    last = found[0] if found else None
    match last.status if last else None:
        case JobStatus.FAILED if last and last.failed:
            words = str(failure(last.failed))
            st.error(plain(words), icon=":material/error:")
        case JobStatus.CANCELLED:
            st.caption("The last one was cancelled.")
        case JobStatus.INTERRUPTED:
            st.warning(
                "The last one was not done when the server ended: begin it again here.",
                icon=":material/power_off:",
            )


def _in_a_line(job: JobState) -> None:
    st.markdown(f"{date_words(job.ended)}: {plain(kinds.in_a_line(job.kind, job.result))}")
