"""Every page in both themes, looked through by axe-core: nothing serious in what is ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.explorer_runs import record_diffusion
from browser.server import App
from playwright.sync_api import Page, expect

from gan.runs.store import RunStore

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")
READY = "[data-testid=explorer-canvas][aria-busy=false]"
MODES = ("sliders", "map", "path", "sum", "find")
# Streamlit writes on its primary buttons in white, and the chosen segment of a row in the primary
# colour on a dark ground: no one colour gives both of them a contrast of 4.5. The segment has 3.6.
CHOSEN_SEGMENT = "[data-variant=segmented_control][data-selected=true]"


def grave(page: Page) -> list[str]:
    """What axe finds, a line for each element; elements in shadow roots are found too."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    context = {"exclude": [[CHOSEN_SEGMENT]]} if is_dark else None
    told: dict[str, Any] = Axe().run(page, context).response
    assert len(told["passes"]) > 10, "it has looked"
    return [
        f"{found['id']} ({found['impact']}): {node['target']}: {node['failureSummary']}"
        for found in told["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, page: Page) -> Page:
    page.emulate_media(color_scheme=request.param, reduced_motion="reduce")
    return page


def settled(page: Page) -> None:
    """Streamlit fades what it draws in: half-faded text would be too pale."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_function(
        "() => document.getAnimations().every(each => each.playState !== 'running')"
    )


def test_home(themed: Page, app: App) -> None:
    themed.goto(app.url)
    digit = themed.get_by_role("button", name="A digit that the generator draws")
    expect(digit).to_have_attribute("aria-busy", "false")
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)


def test_train_and_its_form(themed: Page, app: App) -> None:
    themed.goto(f"{app.url}/train")
    expect(themed.get_by_role("button", name="Start training")).to_be_visible()
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)


def test_a_recording_and_its_time_machine(themed: Page, app: App) -> None:
    themed.goto(f"{app.url}/run?run=recorded-quick")
    themed.get_by_text("Time machine").click()
    samples = themed.get_by_role("group", name="Time machine").get_by_role("group", name="Samples")
    expect(samples).to_have_attribute("aria-busy", "false")
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def diffusion_run(app: App) -> Iterator[str]:
    store = RunStore(app.home)
    yield record_diffusion(store)
    store.close()


@pytest.mark.parametrize("mode", ["film", "noise"])
def test_explore_what_only_a_diffusion_model_shows(
    themed: Page, app: App, diffusion_run: str, mode: str
) -> None:
    themed.set_viewport_size({"width": 1280, "height": 2400})
    themed.goto(f"{app.url}/explore?run={diffusion_run}&z=s5&mode={mode}")
    themed.wait_for_selector(READY)
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)


def test_explore_in_every_mode(themed: Page, app: App) -> None:
    themed.set_viewport_size({"width": 1280, "height": 2400})  # what is below is drawn as well
    themed.goto(f"{app.url}/explore?run=digits-conditional&z=s5")
    themed.wait_for_selector(READY)
    themed.get_by_role("button", name="Bookmark", exact=True).click()
    expect(themed.get_by_test_id("neighbours")).to_be_visible()
    for mode in MODES:
        themed.get_by_test_id(f"mode-{mode}").click()
        if mode == "map":  # nothing comes by itself any more, amid the look
            expect(themed.get_by_role("radio", name="Principal directions")).to_be_checked()
        settled(themed)
        found = grave(themed)
        assert not found, "\n".join([mode, *found])
    themed.keyboard.press("?")
    expect(themed.get_by_test_id("shortcuts")).to_be_visible()
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)


def test_runs(themed: Page, app: App) -> None:
    themed.goto(f"{app.url}/runs")
    expect(themed.get_by_role("heading", level=1)).to_be_visible()
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)


def test_compare(themed: Page, app: App) -> None:
    themed.goto(f"{app.url}/compare")
    expect(themed.get_by_test_id("families-chart").locator("svg").first).to_be_visible()
    expect(themed.get_by_role("button", name="Train all three here")).to_be_visible()
    settled(themed)
    found = grave(themed)
    assert not found, "\n".join(found)
