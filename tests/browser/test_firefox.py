"""The main walk in Firefox ESR, and what it draws otherwise than Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from browser.firefox import FIREFOX, Firefox, firefox
from browser.server import App
from browser.test_walk import ADDRESSES, HEADINGS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if FIREFOX is None:
        assert "CI" not in os.environ, "CI has to have Firefox ESR"
        pytest.skip("needs firefox-esr: see README")
    with firefox(tmp_path_factory.mktemp("firefox")) as window:
        yield window


def heading(name: str) -> str:
    return (
        "[...document.querySelectorAll('h1, h2, h3')]"
        f".some(each => each.textContent.trim() === {name!r} && each.checkVisibility())"
    )


def link(name: str) -> str:
    return (
        "[...document.querySelectorAll('[data-testid=stTopNavLink]')]"
        f".find(each => each.textContent.trim().endsWith({name!r}))"
    )


def test_the_navigation_leads_from_each_page_to_each_page(window: Firefox, app: App) -> None:
    for address, here in ADDRESSES.items():
        for name, there in HEADINGS.items():
            window.open(f"{app.url}{address}")
            window.until(heading(here))
            window.until(f"{link(name)}?.checkVisibility()")
            window.ask(f"({link(name)}.click(), 1)")
            window.until(heading(there))
            if name == "Train":
                assert "run" not in window.ask("location.search")


def test_labels_of_buttons_that_open_something_are_whole(window: Firefox, app: App) -> None:
    window.open(f"{app.url}/run?run=digits")
    labels = "[...document.querySelectorAll('[data-testid=stPopover] .stMarkdownEllipsis')]"
    room = "box.getBoundingClientRect().width"
    window.until(f"{labels}.length > 0")
    window.until(
        f"{labels}.every(box => getComputedStyle(box).overflowX === 'visible' || "
        f"box.firstElementChild.getBoundingClientRect().width <= {room})"
    )
    assert window.ask(f"{labels}.map(box => box.textContent)") == ["Take it home"]


def test_a_run_is_drawn_without_a_complaint(window: Firefox, app: App) -> None:
    window.open("about:blank")
    window.complaints.clear()  # of loads that were cut off by going on
    window.open(f"{app.url}/run?run=recorded-quick")
    steps = "document.querySelector('[data-testid=loss-chart]')?.data?.[0]?.x?.length"
    assert window.until(steps) > 10
    assert window.until("document.querySelector('canvas[aria-label*=digits]')?.width") > 28
    assert window.complaints == []
