"""The components' files by address, and the loader that fetches them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from answers import send
from support import ROOT

from gan.server import assets

WEB = ROOT / "gan" / "web"
MOST_BYTES = 1000
"""Of the loader, which is sent again with each change of a component's data."""


def address(name: str) -> str:
    """Where a browser that loaded the app from the root finds the file `name`."""
    found = re.search(r'new URL\("([^"]+)", document.baseURI\)', assets.loader(name))
    assert found is not None
    return f"/{found[1]}"


@pytest.mark.parametrize("name", ["live/chart.js", "kit/digits.css", "inference/kernels.wasm"])
def test_a_file_is_where_its_loader_looks_and_stays_there(name: str) -> None:
    answer = send("GET", address(name))
    assert (answer.status, answer.body) == (200, (WEB / name).read_bytes())
    assert "immutable" in answer.headers["cache-control"]
    packed = send("GET", address(name), headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == answer.body


def test_rooms_may_have_files_of_one_name(tmp_path: Path) -> None:
    """None silently takes the place of another."""
    names = ["kit/view.js", "explorer/view.js", "explorer/find/view.js", "tests/kit/view.test.js"]
    for name in (*names, "node_modules/view.js", "kit/view.d.ts"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found = assets.served(tmp_path)
    assert {name: file.read_text() for name, file in found.items()} == {n: n for n in names[:3]}


def test_what_an_older_page_asks_for_is_not_found_and_not_remembered() -> None:
    for path in ("/_live/0123456789ab/live/chart.js", address("live/nothing.js"), "/_live/x"):
        assert send("GET", path).status == 404
    assert send("GET", address("live/nothing.js")).headers["cache-control"] == "no-store"


def test_the_loader_is_short_and_names_no_place_from_the_root_of_the_host() -> None:
    source = assets.loader("live/chart.js")
    assert len(source.encode()) < MOST_BYTES
    assert "//" not in source, "comments are for those who read the file"
    assert "ADDRESS" not in source
    assert not re.search(r"""["'(`]/\w""", source)


def test_an_app_below_a_path_has_its_routes_there() -> None:
    assert send("GET", f"/forge{address('live/chart.js')}", base_path="/forge/").status == 200
    assert send("GET", address("live/chart.js"), base_path="forge").status == 404
