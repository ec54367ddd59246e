"""The browser's inner loops are the assembled form of their source."""

from __future__ import annotations

from pathlib import Path

import wasmtime

EXPLORER = Path(__file__).parents[2] / "gan" / "view" / "explorer"


def test_the_kernels_are_their_source_assembled() -> None:
    source = (EXPLORER / "kernels.wat").read_text(encoding="utf-8")
    made = bytes(wasmtime.wat2wasm(source))
    assert (EXPLORER / "kernels.wasm").read_bytes() == made, (
        "make it anew: Path('kernels.wasm').write_bytes(wasmtime.wat2wasm(source))"
    )
