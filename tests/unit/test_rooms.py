"""The rules of DESIGN: who may import whom, and what a web server never loads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GAN = ROOT / "gan"
WEB = GAN / "web"
FLOORS = (
    "words", "settings", "messages", "data", "network_file", "latent", "runs", "exports", "model",
    "jobs", "server", "view", "drawing", "commands", "__main__",
)  # fmt: skip
"""From the ground up. Imports only run downwards; `web` is the browser's."""
MODULES = sorted(GAN.rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SCRIPTS = sorted(path for path in WEB.rglob("*.js") if "node_modules" not in path.parts)
NO_DOCUMENT = ("latent", "pictures", "inference")
"""Rooms of the web that compute: they run in a worker and in Node, where there is no page."""
PAGE = re.compile(r"\b(document|window|location|history|localStorage)\.")
LIGHT_FOR_PAGES = (
    "gan.view", "gan.settings", "gan.messages.events", "gan.latent", "gan.runs.state", "gan.words",
)  # fmt: skip


@cache
def _imports(path: Path) -> frozenset[str]:
    """Full names of what a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported_modules(path: Path) -> set[str]:
    """The modules of this project that a file imports."""
    known = {_module(each) for each in MODULES}
    found = set()
    for name in _imports(path):
        while name.startswith("gan.") and name not in known:
            name = name.rpartition(".")[0]
        found |= {name} & known
    return found - {_module(path), "gan"}


def _imported_scripts(path: Path) -> set[Path]:
    """The files that a script imports, at once or later."""
    source = re.sub(r"//.*|/\*(.|\n)*?\*/", "", path.read_text())
    names = re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""", source)
    return {(path.parent / name).resolve() for name in names}


def _room(path: Path) -> str:
    return path.relative_to(GAN).parts[0].removesuffix(".py")


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _assert_acyclic(graph: Mapping[str, Iterable[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError("imports go round: " + " -> ".join(error.args[1])) from None


def _folders(pairs: Iterable[tuple[Path, Path]], root: Path) -> Mapping[str, set[str]]:
    """Which folder of `root` imports from which other."""
    graph: dict[str, set[str]] = {}
    for one, other in pairs:
        if other.is_relative_to(root):
            here, there = (str(each.relative_to(root).parent) for each in (one, other))
            if here != there:
                graph.setdefault(here, set()).add(there)
    return graph


def test_every_room_has_its_floor() -> None:
    rooms = {_room(path) for path in MODULES} - {"__init__", "web"}
    assert rooms == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_imports_run_downwards(path: Path) -> None:
    room = _room(path)
    if room == "__init__":
        assert _imports(path) <= {"os"}, "what NumPy reads when it is imported, by whomever"
        return
    for name in _imported_modules(path):
        other = name.split(".")[1]
        assert FLOORS.index(other) <= FLOORS.index(room), f"{_id(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    top = {name.split(".")[0] for name in _imports(path)}
    if _room(path) != "model":
        assert not top & {"tensorflow", "keras"}
    if _room(path) != "view":
        assert "streamlit" not in top
    assert "plotly" not in top, "figures are plain words; the browser's file is served as it is"


def test_no_text_outside_their_room_imports_them_either() -> None:
    """Whatever it is called: programs that people take along are in assets."""
    importing = re.compile(r"^\s*(import|from) (tensorflow|keras)\b", re.MULTILINE)
    found = [
        _id(path)
        for path in [ROOT / "app.py", *PAGES, *GAN.rglob("*")]
        if path.is_file() and not {"node_modules", "__pycache__"} & {*path.parts}
        if not path.is_relative_to(GAN / "model")
        if importing.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=_id)
def test_pages_are_thin(path: Path) -> None:
    ours = {name for name in _imports(path) if name.split(".")[0] == "gan"}
    assert all(name.startswith(LIGHT_FOR_PAGES) for name in ours), ours
    assert len(path.read_text().splitlines()) <= 120


def test_no_imports_go_round() -> None:
    """Neither between modules, be they imported inside functions, nor between folders."""
    _assert_acyclic({_module(path): _imported_modules(path) for path in MODULES})
    paths = {_module(path): path for path in MODULES}
    pairs = [(path, paths[name]) for path in MODULES for name in _imported_modules(path)]
    _assert_acyclic(_folders(pairs, GAN / "view"))
    rooms = [pair for pair in pairs if GAN not in (pair[0].parent, pair[1].parent)]
    _assert_acyclic(_folders(rooms, GAN))  # a module outside the rooms has a floor of its own


def test_no_scripts_of_the_browser_go_round() -> None:
    _assert_acyclic(
        {_id(path): {_id(other) for other in _imported_scripts(path)} for path in SCRIPTS}
    )
    pairs = [(path, other) for path in SCRIPTS for other in _imported_scripts(path)]
    _assert_acyclic(_folders(pairs, WEB))


@pytest.mark.parametrize("path", SCRIPTS, ids=_id)
def test_what_computes_knows_no_page(path: Path) -> None:
    room = path.relative_to(WEB).parts[0]
    if room in NO_DOCUMENT:
        assert not re.search(
            r"\b(document|window|location|history|localStorage)\.", path.read_text()
        )
        rooms = {other.relative_to(WEB).parts[0] for other in _imported_scripts(path)}
        assert rooms <= set(NO_DOCUMENT)


def test_each_light_module_can_be_the_first_one() -> None:
    """Each module of the light rooms can be the first one that Python imports."""
    light = [p for p in MODULES if _room(p) not in ("model", "__main__", "view")]
    code = (
        "import importlib, sys\nfor name in sys.argv[1:]:\n"
        "    for loaded in [m for m in sys.modules if m.startswith('gan')]:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
        "print([m for m in ('tensorflow', 'keras', 'streamlit', 'sklearn') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *map(_module, light)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "[]", "the light rooms load nothing heavy"
