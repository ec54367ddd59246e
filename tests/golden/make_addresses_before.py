"""Made ``addresses.json``: twenty addresses, and what the app before its redraw showed for them.

It ran once, in a checkout of bf66599 with this folder added, as ``PYTHONPATH=.:tests python
tests/golden/make_addresses_before.py``. Each address was opened twice, and showed the same. The two
of moments of a recording ran in 6f24e11, the last version whose recordings they were: those of
``quick``, to which they led at first, were made anew.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from browser.conftest import CHROMIUM, FLAGS
from browser.server import start_app
from golden import seen
from golden.shown import arrange, difference, shown
from playwright.sync_api import Page, sync_playwright

from gan.latent import normals, spelled

WHOLE = spelled(np.asarray(normals(7, 32)), None)
COMMAS = ",".join(f"{value:g}" for value in normals(8, 16))
POINTS = "s11~o_3.-120_4.250~s13"


def explore(run: str, **asked: str) -> str:
    return "/explore?" + "&".join(
        f"{name}={quote(value, safe=',')}" for name, value in {"run": run, **asked}.items()
    )


ADDRESSES = {
    "the form, with a preset": "/train?preset=wgan-gp",
    "a run": "/run?run=digits-vae",
    "a run, as it was shared earlier": "/train?run=digits-conditional",
    "a recording": "/run?run=recorded-conditional",
    "the list": "/runs",
    "a seed": explore("digits", step="12000", z="s1f3kz"),
    "a seed with changes, scaled": explore("digits", z="s1f3kz_3.-120_10.300", scale="0.7"),
    "the origin with changes, and a digit": explore(
        "digits-conditional", z="o_3.-120_4.250", digit="7"
    ),
    "every number": explore("recorded-conditional", z=WHOLE, digit="3"),
    "every number, as they were spelled earlier": explore("digits-vae", z=COMMAS),
    "a moment of a recording": explore("recorded-hinge", step="360", z="s5"),
    "a map of two numbers, zoomed": explore("digits", mode="map", z="s1", map="n3.7~c50.-120.3"),
    "a coloured map of principal directions": explore(
        "digits-conditional", mode="map", z="s2", digit="3", map="f1.2~t"
    ),
    "a map of another moment's eigenvectors": explore(
        "recorded-hinge", step="1480", mode="map", z="s3", map="w1.4~d360~s4"
    ),
    "a map through three pictures": explore("digits-vae", mode="map", z="s11", map=f"p~{POINTS}"),
    "a path on the great circle": explore("digits", mode="path", z="s1", path="great~150~s1~s2~s3"),
    "a straight path of classes and scales": explore(
        "digits-conditional", mode="path", z="s1", digit="7", path="straight~40~s1!7~s5!3!80~o!0"
    ),
    "a sum": explore("digits", mode="sum", z="s1", sum="0.5~s1,s2~s7,o_3.-120~s9,s10"),
    "a sum of classes": explore(
        "digits-conditional", mode="sum", z="s1", digit="8", sum="1~3s1,3s4~8s2,8s5~8s3,1s6"
    ),
    "the search": explore("digits-vae", mode="find", z="s21"),
}
"""By what of an address they are for. Home, whose digits are drawn by chance, has its own tests."""
STILL = 12
"""As many looks, each a quarter of a second after the other, see the same: the page has settled."""


def settled(page: Page) -> dict[str, Any]:
    last, looks = shown(page), 0
    while looks < STILL:
        arrange(page)
        page.wait_for_timeout(250)
        now = shown(page)
        looks = looks + 1 if now == last else 0
        last = now
    return last


def main() -> None:
    assert len(ADDRESSES) == 20
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = start_app(Path(folder, "home"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        rounds: list[dict[str, Any]] = [{}, {}]
        try:
            for found in rounds:
                for what, address in ADDRESSES.items():
                    page.goto(app.url + address)
                    page.get_by_role("heading").first.wait_for()
                    found[what] = settled(page)
        finally:
            browser.close()
            app.process.terminate()
            app.process.wait(30)
    for what, first in rounds[0].items():
        assert not difference(rounds[1][what], first), (what, difference(rounds[1][what], first))
    told = [
        {"what": what, "address": address, "shows": rounds[0][what]}
        for what, address in ADDRESSES.items()
    ]
    (seen.FOLDER / "addresses.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
