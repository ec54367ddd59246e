"""The app below a path: behind a proxy that strips one, and on a server that has one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.proxy import proxied
from browser.server import App, start_app
from playwright.sync_api import BrowserContext, Locator, Page, expect

pytestmark = pytest.mark.browser

INKED = """canvas => {
  const { width, height } = canvas;
  return new Set(canvas.getContext("2d").getImageData(0, 0, width, height).data).size > 8;
}"""


@pytest.fixture
def behind_a_proxy(app: App) -> Iterator[str]:
    """As JupyterHub serves an app: the path is taken away before the app is asked."""
    with proxied(app.port, "/user/x/proxy/8501") as proxy:
        yield proxy.url
    assert proxy.strays == [], "nothing is asked for outside of the path"


@pytest.fixture
def with_a_path_of_its_own(tmp_path: Path) -> Iterator[str]:
    app = start_app(tmp_path / "home", base_path="class/forge")
    yield app.url
    app.process.terminate()
    app.wait()


@pytest.mark.parametrize("served", ["behind_a_proxy", "with_a_path_of_its_own"])
def test_every_page_works_below_a_path(
    page: Page, served: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(served)
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    page.on("websocket", lambda each: asked.append(each.url.replace("ws:", "http:", 1)))

    page.goto(f"{url}/")
    expect_inked(page, page.get_by_role("button", name="A digit that the generator draws"))

    page.get_by_test_id("stTopNavLink").get_by_text("Train", exact=True).click()
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()

    page.goto(f"{url}/run?run=recorded-quick")
    sheets = page.get_by_role("img", name="generated digits after")
    expect(sheets).to_have_count(1)
    losses = page.get_by_role("group", name="Losses of D and G over the training steps")
    expect(losses.locator(".scatterlayer path").first).to_be_visible()
    page.get_by_text("Time machine").click()
    expect(sheets).to_have_count(2)
    page.get_by_role("slider", name="Moment of the run").press("Home")
    expect(page.get_by_role("img", name="generated digits after 0 steps")).to_be_visible()

    page.goto(f"{url}/explore?run=digits&mode=map&z=s1")
    page.wait_for_url(re.compile(r"map=f1\.2$"))  # so the server has found the directions
    expect_inked(page, page.locator("canvas:visible").first)

    page.get_by_test_id("stTopNavLink").get_by_text("Runs", exact=True).click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Explore").last).to_be_visible()
    page.get_by_test_id("stTopNavLink").get_by_text("Home", exact=True).click()
    expect_inked(page, page.get_by_role("button", name="A digit that the generator draws"))

    page.goto("about:blank")  # a page whose server is gone complains
    assert any("/_live/" in each for each in asked)
    assert [each for each in asked if not each.startswith((f"{url}/", "data:", "blob:"))] == []


def expect_inked(page: Page, canvas: Locator) -> None:
    """Wait for something to be drawn."""
    expect(canvas).to_be_visible()
    page.wait_for_function(INKED, arg=canvas.element_handle())


@pytest.mark.parametrize(
    ("status", "source", "words"),
    [
        (404, "Not found", "This part of the page could not be fetched."),
        (200, "export default () => { throw new Error('no ink') }", "failed (Error: no ink)."),
        (200, "undefined.length;", "failed (TypeError: "),
    ],
)
def test_what_cannot_be_shown_says_why(
    context: BrowserContext, app: App, status: int, source: str, words: str
) -> None:
    """A module that is gone, as after an update, is another matter than one that fails."""
    page = context.new_page()  # which may complain
    script = {"status": status, "body": source, "content_type": "text/javascript"}
    page.route(re.compile(r"/home/home\.js"), lambda route: route.fulfill(**script))
    page.goto(app.url)
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()
    page.close()
