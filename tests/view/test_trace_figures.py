"""A step by hand, drawn: what D said of each digit, asserted as data; and that it can be drawn."""

from __future__ import annotations

import untrained
from drawn import valid

from gan.view.figures import trace_figures


def test_every_moment_of_a_step_has_a_column_of_marks_with_a_shape_of_its_own() -> None:
    traces = valid(trace_figures.draw_logits(untrained.TRACE))["data"]
    marks, means = traces[::2], traces[1::2]
    names = ["real, before", "generated, before", "generated, after D", "generated, after G"]
    assert [column["name"] for column in marks] == names
    assert len({column["marker"]["symbol"] for column in marks}) == 4
    assert [len(column["y"]) for column in marks] == [len(untrained.TRACE.noise)] * 4
    assert means[0]["y"][0] == float(f"{untrained.TRACE.real_logits.mean():.5g}")
