"""The rules of DESIGN: who may import whom, and what a web server never loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = [
    ["fields", "python_version", "text"],
    ["config"],
    ["presets", "digits", "events", "errands", "latent", "layer_file"],
    ["wire", "directions", "layer_math"],
    ["archives"],
    ["pictures"],
    ["uploads"],
    ["data"],
    ["digit_reader"],
    ["neighbours"],
    ["model"],
    ["runs"],
    ["exports", "drawing"],
    ["uses"],
    ["view"],
    ["commands"],
    ["__main__"],
]
LEVEL = {room: level for level, floor in enumerate(FLOORS) for room in floor}
MODULES = sorted((ROOT / "gan").rglob("*.py"))


def _imports(path: Path) -> set[str]:
    """Full names of the modules that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def _room(path: Path) -> str:
    return path.relative_to(ROOT / "gan").parts[0].removesuffix(".py")


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_imports_run_downwards(path: Path) -> None:
    room = _room(path)
    if room == "__init__":
        assert _imports(path) <= {"os"}, "what NumPy reads when it is imported, by whomever"
        return
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] == "gan" and len(parts) > 1 and parts[1] in LEVEL:
            other = parts[1]
            # A worker's main is the one way from runs into model, inside its functions.
            assert LEVEL[other] < LEVEL[room] or other == room, f"{_id(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_id)
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    top = {name.split(".")[0] for name in _imports(path)}
    if _room(path) != "model":
        assert not top & {"tensorflow", "keras"}
    if _room(path) != "view":
        assert "streamlit" not in top
    assert "plotly" not in top, "figures are plain words; the browser's file is served as it is"


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=_id)
def test_pages_are_thin(path: Path) -> None:
    allowed = ("gan.view", "gan.config", "gan.latent", "gan.events", "gan.presets", "gan.text")
    ours = {name for name in _imports(path) if name.split(".")[0] == "gan"}
    assert all(name.startswith(allowed) for name in ours), ours
    assert len(path.read_text().splitlines()) <= 120


def test_there_are_no_import_cycles() -> None:
    """Each module of the light rooms can be the first one that Python imports."""
    light = [p for p in MODULES if _room(p) not in ("model", "__main__", "view")]
    names = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in light]
    code = (
        "import importlib, sys\nfor name in sys.argv[1:]:\n"
        "    for loaded in [m for m in sys.modules if m.startswith('gan')]:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name.removesuffix('.__init__'))\n"
        "print([m for m in ('tensorflow', 'keras', 'streamlit') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *names], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]", "the light rooms load nothing heavy"
