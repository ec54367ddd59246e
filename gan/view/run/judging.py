"""A thorough judgement on the page of its run: a table of measures, each with what it means."""

from __future__ import annotations

from typing import Final

import streamlit as st

from gan.jobs.kinds import KINDS
from gan.runs import judgement, measures
from gan.runs.jobs import JobState
from gan.runs.judgement import Judgement
from gan.view.words import date_words
from gan.words.text import plain

EXPLANATION: Final = (
    "Draws {samples:,} digits in each of {times} rounds, and measures all that can be measured, "
    "beside what real digits score by the same code, with how far each number may be off. It takes "
    "a minute or more, goes on beside trainings, and stays with the run."
).format(samples=KINDS[judgement.JUDGE].options["samples"], times=judgement.TIMES)
_HEAD: Final = (
    "| Measure | Generated | Real digits | What does this mean? |",
    "| --- | ---: | ---: | --- |",
)


def show(job: JobState) -> None:
    """Draw a judgement that is done."""
    try:
        found = Judgement.of(job.result)
    except ValueError as error:
        st.warning(plain(f"This judgement cannot be shown: {error}."), icon=":material/warning:")
        return
    made = date_words(job.ended)
    st.markdown(
        f"The network of step {found.step:,}, judged on {made}. The real digits beside it: "
        f"**{plain(judgement.real_digits(found))}**. {measures.verdict(found.quality)}"
    )
    with st.container(key=f"judgement:{job.id}"):
        st.markdown("\n".join([*_HEAD, *map(_line, judgement.rows(found))]))
        st.markdown("\n".join(_classes(found)))
    st.caption(plain(judgement.about(found)))
    if words := measures.doubt(found.real_digits):
        st.info(words, icon=":material/info:")


def _classes(found: Judgement) -> list[str]:
    """How often each class comes, as the classifier reads it."""
    count = len(found.coverage)
    lines = [["Share of each class", *map(str, range(count))], ["---", *["---:"] * count]]
    for name, shares in (("Generated", found.coverage), ("Real digits", found.real_coverage)):
        lines.append([name, *(f"{share:.1%}" for share in shares)])
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _line(row: measures.Measure) -> str:
    cells = (f"**{row.name}**", row.generated, row.real, f"{row.meaning} ({row.better})")
    return f"| {' | '.join(cell.replace('|', ' ') for cell in cells)} |"
