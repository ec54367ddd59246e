"""Searches for a digit in real Chromium: how often it is the right digit, how near, how fast.

    DIGIT_FORGE_MNIST=PATH/mnist.npz python tests/bench/bench_find.py [--run digits] [--digits 100]
        [--ways draws,one,encoder]

Searches for digits of MNIST's test set as the page does: from the nearest of random draws
(``draws``), from a single random draw (``one``), or with an encoder's guess besides (``encoder``,
which the server fits first). Prints the share that the project's classifier reads as the true digit
in what was found, a distribution of errors (root mean square of pixels, 0 to 255) and of seconds.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from browser.conftest import CHROMIUM, FLAGS
from browser.modules import modules
from browser.server import start_app
from playwright.sync_api import Page, sync_playwright

from gan.data import datasets
from gan.data.digits import Digits
from gan.runs import library
from gan.runs.snapshots import GENERATOR
from gan.runs.store import RunStore
from gan.server import networks, request_routes

SETTLED = "[data-testid=explorer-canvas][aria-busy=false]"
FIND = """async ([base, picture, options]) => {
  const { Inference } = await import(`${base}/../inference/inference.js`);
  globalThis.inference ??= new Inference();
  const args = { picture: Uint8Array.from(picture), ...options };
  const { z, pixels, ...told } = await globalThis.inference.run("find", args, {});
  return { ...told, pixels: Array.from(pixels) };
}"""
FIT = """async ([base, address, request]) => {
  const { askServer } = await import(`${base}/../kit/requests.js`);
  return `/${(await askServer(address, request)).url}`;
}"""
WAYS: dict[str, dict[str, Any]] = {"draws": {}, "one": {"draws": 1}, "encoder": {}}


def some(count: int) -> Digits:
    """Test digits, the same ones every time."""
    test = datasets.load_test("mnist")
    chosen = np.random.default_rng(0).choice(len(test), count, replace=False)
    assert test.labels is not None
    return Digits(test.images[chosen], test.labels[chosen])


def searched(page: Page, digits: Digits, options: dict[str, Any]) -> list[dict[str, Any]]:
    """What the page's own search finds for each."""
    base = modules(page)
    return [
        page.evaluate(FIND, [base, image.ravel().tolist(), options | {"seed": seed}])
        for seed, image in enumerate(digits.images)
    ]


def network_of(run: str) -> tuple[int, dict[str, Any]]:
    """The newest step of a network that ships with the project, and what a search is told of it."""
    state = library.shipped(run)
    with tempfile.TemporaryDirectory() as folder, closing(RunStore(Path(folder))) as store:
        step = library.drawable_steps(store, state)[-1]
    classes = state.config.chosen_classes if state.config.is_conditional else ()
    return step, {
        "network": f"/{networks.folder(run)}/{step}/{GENERATOR}",
        "classifier": f"/{networks.classifier()}",
        "labels": list(classes),
    }


def encoder_of(page: Page, run: str, step: int) -> str:
    """The address of an encoder, which the server fits if it has none."""
    request = {"kind": "encoder", "run": run, "step": step}
    address: str = page.evaluate(FIT, [modules(page), f"/{request_routes.address()}", request])
    return address


def report(name: str, found: list[dict[str, Any]], digits: Digits) -> None:
    """One line for a way to begin."""
    from gan.model import classifier

    pictures = np.array([each["pixels"] for each in found], np.uint8).reshape(-1, 28, 28)
    read = classifier.judge(datasets.to_network(pictures))[1].argmax(axis=1)
    print(f"{name:8} right {np.mean(read == digits.labels):.0%}  "
          f"error {spread([each['error'] for each in found])}  "
          f"seconds {spread([each['seconds'] for each in found])}  "
          f"ended early {sum(each['isEarly'] for each in found)}", flush=True)  # fmt: skip


def spread(values: list[float]) -> str:
    """Median, 95th percentile and largest."""
    ordered = sorted(values)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return f"median {statistics.median(values):.2f} p95 {p95:.2f} max {ordered[-1]:.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="digits")
    parser.add_argument("--digits", type=int, default=100)
    parser.add_argument("--ways", default=",".join(WAYS))
    args = parser.parse_args()
    digits = some(args.digits)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        app = start_app(Path(folder) / "home")
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{app.url}/explore?run={args.run}&mode=find")
            page.wait_for_selector(SETTLED)
            page.wait_for_timeout(3000)
            step, network = network_of(args.run)
            searched(page, some(3), network)  # the browser compiles its inner loops
            for name in args.ways.split(","):
                options = network | WAYS[name]
                if name == "encoder":
                    options["encoder"] = encoder_of(page, args.run, step)
                report(name, searched(page, digits, options), digits)
        finally:
            app.process.terminate()
            app.process.wait(30)
            browser.close()


if __name__ == "__main__":
    main()
