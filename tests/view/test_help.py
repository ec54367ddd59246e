"""The page Help: everything that was asked once, with the figures of the running code."""

from __future__ import annotations

import re
from dataclasses import fields

from streamlit.testing.v1 import AppTest
from support import ROOT

from gan.data import registry
from gan.jobs.engine import Engine
from gan.view.help import help_page


def test_limits_and_data_are_those_of_this_server(app: AppTest, engine: Engine) -> None:
    app.switch_page("pages/help.py").run()
    assert not app.exception
    text = "\n".join(each.value for each in app.markdown)
    for item in fields(engine.limits):
        value = getattr(engine.limits, item.name)
        assert f"{help_page.figure(value)} | `{item.metadata['variable']}`" in text
    assert all(each.words in text for each in registry.DATA_SETS.values())
    assert "{" not in text, "no name of a table is left"


def test_every_section_can_be_linked_to() -> None:
    anchors = [section.anchor for section in help_page.sections()]
    assert len(anchors) == len(set(anchors)) == 9
    text = (help_page._WORDS).read_text(encoding="utf-8")
    assert text.count("\n## ") + 1 == len(anchors), "each heading names its anchor"


def test_readme_sends_people_to_sections_that_there_are() -> None:
    anchors = {section.anchor for section in help_page.sections()}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"/help#([a-z]+)", readme)) <= anchors
