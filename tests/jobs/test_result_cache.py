"""Results that are kept on the disk: used again, checked, and within their room."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from jobs.scripted_requests import Open, over, request

from gan.jobs.passing import State
from gan.jobs.result_cache import ResultCache
from gan.messages.requests import Encoder, FitEncoder


def test_results_are_kept_on_the_disk(opened: Open, tmp_path: Path) -> None:
    lane = opened()
    asked = request("be", FitEncoder)
    result = over(lane, lane.ask(asked, "a")).result
    lane.close()
    again = opened(command=("/nowhere/python",))
    status = again.look(again.ask(asked, "b"))
    assert status.state is State.DONE
    assert isinstance(status.result, Encoder)
    np.testing.assert_array_equal(status.result.network, result.network)
    (file,) = (tmp_path / "errands").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    fresh = opened()
    assert over(fresh, fresh.ask(asked, "b")).state is State.DONE, "computed anew"
    assert fresh.worker_process_id is not None


def test_the_disk_keeps_the_last_used_within_its_room(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path / "errands", 3500)
    for place, name in enumerate(("one", "two", "three")):
        cache.put(name, Encoder(np.zeros(1000, np.uint8)))
        os.utime(tmp_path / "errands" / f"{name}.bin", (place, place))
    (tmp_path / "errands" / "left.1.partial").touch()
    assert cache.get("one") is not None
    cache.put("four", Encoder(np.ones(1000, np.uint8)))
    assert sorted(path.stem for path in (tmp_path / "errands").iterdir()) == [
        "four",
        "one",
        "three",
    ]
    assert cache.get("two") is None
    for damaged in (b"", b"x" * 40, (tmp_path / "errands" / "one.bin").read_bytes()[:-9]):
        (tmp_path / "errands" / "one.bin").write_bytes(damaged)
        assert cache.get("one") is None
        assert not (tmp_path / "errands" / "one.bin").exists()
    (tmp_path / "file").touch()
    ResultCache(tmp_path / "file", 100).put("one", Encoder(np.zeros(1, np.uint8)))  # no folder
