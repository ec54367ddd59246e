"""The browser's inner loops are the assembled form of their source."""

from __future__ import annotations

from pathlib import Path

import wasmtime

INFERENCE = Path(__file__).parents[2] / "gan" / "web" / "inference"


def test_the_kernels_are_their_source_assembled() -> None:
    source = (INFERENCE / "kernels.wat").read_text(encoding="utf-8")
    made = bytes(wasmtime.wat2wasm(source))
    assert (INFERENCE / "kernels.wasm").read_bytes() == made, (
        "make it anew: Path('kernels.wasm').write_bytes(wasmtime.wat2wasm(source))"
    )
