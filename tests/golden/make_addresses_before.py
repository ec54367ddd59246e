"""Made ``addresses.json``: twenty addresses as they were before the redraw, and what they show.

It ran once, in 152379d with this folder, as ``PYTHONPATH=.:tests python
tests/golden/make_addresses_before.py``. Each address was opened twice, and showed the same. The
file before held what bf66599 showed for the networks that shipped with it, which 152379d still
showed; but what ships may be trained anew. These addresses lead to the runs of
``addresses_home.tar.xz``, and one to the recording of a preset.
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
from golden.make_addresses_home import KEPT
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


def addresses(runs: dict[str, str]) -> dict[str, str]:
    """By what of an address they are for; `runs` are the ids of those of the archive, by name.

    Home, whose digits are drawn by chance, has its own tests.
    """
    hidden, projected, autoencoder = (runs[name] for name in ("hidden", "projected", "autoencoder"))
    first, last = map(str, KEPT["hidden"])
    return {
        "the form, with a preset": "/train?preset=wgan-gp",
        "a run": f"/run?run={autoencoder}",
        "a run, as it was shared earlier": f"/train?run={projected}",
        "a recording": "/run?run=recorded-hinge",
        "the list": "/runs",
        "a seed": explore(hidden, step=last, z="s1f3kz"),
        "a seed with changes, scaled": explore(hidden, z="s1f3kz_3.-120_10.300", scale="0.7"),
        "the origin with changes, and a digit": explore(projected, z="o_3.-120_4.250", digit="7"),
        "every number": explore(projected, z=WHOLE, digit="3"),
        "every number, as they were spelled earlier": explore(autoencoder, z=COMMAS),
        "an earlier moment": explore(hidden, step=first, z="s5"),
        "a map of two numbers, zoomed": explore(hidden, mode="map", z="s1", map="n3.7~c50.-120.3"),
        "a coloured map of principal directions": explore(
            projected, mode="map", z="s2", digit="3", map="f1.2~t"
        ),
        "a map of another moment's eigenvectors": explore(
            hidden, step=last, mode="map", z="s3", map=f"w1.4~d{first}~s4"
        ),
        "a map through three pictures": explore(
            autoencoder, mode="map", z="s11", map=f"p~{POINTS}"
        ),
        "a path on the great circle": explore(
            hidden, mode="path", z="s1", path="great~150~s1~s2~s3"
        ),
        "a straight path of classes and scales": explore(
            projected, mode="path", z="s1", digit="7", path="straight~40~s1!7~s5!3!80~o!0"
        ),
        "a sum": explore(hidden, mode="sum", z="s1", sum="0.5~s1,s2~s7,o_3.-120~s9,s10"),
        "a sum of classes": explore(
            projected, mode="sum", z="s1", digit="8", sum="1~3s1,3s4~8s2,8s5~8s3,1s6"
        ),
        "the search": explore(autoencoder, mode="find", z="s21"),
    }


STILL = 12
"""As many looks, each a quarter of a second after the other, see the same: the page has settled."""


def run_ids(home: Path) -> dict[str, str]:
    """The ids of all runs of a store, by their names."""
    store = seen.RunStore(home)
    runs = {store.state(run).name: run for run in store.ids()}
    store.close()
    return runs


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
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = seen.unpacked(Path(folder), seen.ADDRESSES_HOME) / "home"
        opened = addresses(run_ids(home))
        assert len(opened) == 20
        app = start_app(home)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        rounds: list[dict[str, Any]] = [{}, {}]
        try:
            for found in rounds:
                for what, address in opened.items():
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
        for what, address in opened.items()
    ]
    (seen.FOLDER / "addresses.json").write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
