"""Ctrl-C and SIGTERM: obeyed within seconds, with a word at once, and truly recorded."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import untrained
from support import ROOT, TINY

from gan.commands import signals, training
from gan.messages.status import RunStatus
from gan.runs.errors import StoreError
from gan.runs.store import RunStore

SECONDS = signals.GRACE_SECONDS + 3.0
"""In which a signal is obeyed, with some patience for a busy machine."""
STUCK = """
import sys, time
from gan.commands import signals

def obey(number): print("told", number, flush=True)
def break_off(number): return f"kept after {number}"

with signals.heard() as hearing, hearing.answered(signals.Answer("a word", obey, break_off)):
    print("ready", flush=True)
    while True:  # as TensorFlow, whose work no handler cuts short
        time.sleep(60)
"""


LOCKED_OUT = """
import sys
from pathlib import Path
import untrained
from support import TINY
from gan.commands import signals, training
from gan.runs.store import RunStore

store = RunStore(Path(sys.argv[1]))
state = store.state(store.create(TINY, "tiny"))

def train(commands):
    print("ready", flush=True)
    sys.stdin.readline()
    yield untrained.report(4)

with signals.heard() as hearing:
    training._record(hearing, store, state, train)
"""
INTERRUPTED_WHILE_IT_IMPORTS = """
import os, signal, sys
from gan import __main__

class Module:
    def find_spec(self, name, *_):
        if name == "gan.commands.command_line":
            try:
                os.kill(os.getpid(), signal.SIGINT)
            except BaseException as error:  # as a module in C does that imports another
                raise ImportError("could not import") from error

sys.meta_path.insert(0, Module())
print(__main__.main(["runs"]))
"""
INTERRUPTED_WHILE_IT_BEGINS = """
import os, signal
from gan import __main__

def install(number, handler, install=signal.signal):
    before = install(number, handler)
    os.kill(os.getpid(), signal.SIGINT)
    return before

signal.signal = install
print(__main__.main(["runs"]))
"""


def start(*arguments: str, home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "DIGIT_FORGE_HOME": str(home),
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
        },
        text=True,
    )


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, str]:
    """Send the signal; returns what the process said, once it has ended in time."""
    process.send_signal(number)
    return process.communicate(timeout=SECONDS)


def wait_until(process: subprocess.Popen[str], reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not reached():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_does_not_end_by_itself_is_ended_and_says_what_is_kept(tmp_path: Path) -> None:
    process = start("-c", STUCK, home=tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    began = time.monotonic()
    out, said = ended(process, signal.SIGTERM)
    assert time.monotonic() - began >= signals.GRACE_SECONDS - 0.1
    assert (process.returncode, out, said) == (143, "told 15\n", "a word\nkept after 15\n")


def test_there_is_a_word_at_once_and_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    process = start("-c", STUCK, home=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "ready\n"
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline() == "a word\n"
    assert ended(process, signal.SIGINT)[1] == "kept after 2\n"
    assert time.monotonic() - began < signals.GRACE_SECONDS
    assert process.returncode == 130


@pytest.mark.parametrize("times", [1, 2])
def test_a_record_that_another_program_keeps_locked_does_not_hold_up_the_end(
    times: int, tmp_path: Path
) -> None:
    process = start("-c", LOCKED_OUT, str(tmp_path), home=tmp_path)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    with closing(sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Stopping: ")
        if times == 1:
            out, said = process.communicate("\n", timeout=SECONDS)
        else:
            out, said = ended(process, signal.SIGINT)
    limit = signals.LAST_SECONDS + (signals.GRACE_SECONDS if times == 1 else 0.0)
    assert time.monotonic() - began < limit + 1.0
    run = out.strip()
    assert process.returncode == 130
    assert said == (
        f"The end of the run {run} could not be written down in time; all that was recorded before "
        f"is kept. To go on from its last snapshot: python -m gan resume {run}\n"
    )
    store = RunStore(tmp_path)
    store.recover()
    assert store.state(run).status is RunStatus.INTERRUPTED


@pytest.mark.parametrize("code", [INTERRUPTED_WHILE_IT_BEGINS, INTERRUPTED_WHILE_IT_IMPORTS])
def test_a_signal_in_the_first_moments_ends_it_as_any_other(code: str, tmp_path: Path) -> None:
    process = start("-c", code, home=tmp_path)
    out, said = process.communicate(timeout=30)
    assert (out, "Traceback" in said) == ("130\n", False)


def test_output_that_nobody_reads_any_more_is_no_failure_to_tell_of(tmp_path: Path) -> None:
    for command, code in (("runs", 141), ("--help", 0)):  # a help's end is told by `argparse`
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [sys.executable, "-m", "gan", command],
            cwd=ROOT,
            stdout=writing,
            stderr=subprocess.PIPE,
            env={**os.environ, "DIGIT_FORGE_HOME": str(home_with_a_run(tmp_path / command))},
            text=True,
        )
        os.close(writing)
        assert (done.returncode, done.stderr) == (code, "")


def home_with_a_run(home: Path) -> Path:
    store = RunStore(home)
    store.create(TINY, "tiny")
    store.close()
    return home


def test_handlers_come_back_to_whom_they_belonged() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with signals.heard() as hearing:
        assert signal.getsignal(signal.SIGINT) not in before
        with pytest.raises(signals.Interrupted):
            os.kill(os.getpid(), signal.SIGTERM)
        assert hearing.exit_code == 143
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


@pytest.mark.parametrize(
    ("number", "command"),
    [
        (signal.SIGINT, ["train"]),
        (signal.SIGTERM, ["sample", "digits", "--count", "9", "--out", "nothing.npz"]),
        (signal.SIGINT, ["doctor"]),
    ],
)
def test_while_tensorflow_is_imported(
    number: signal.Signals, command: list[str], tmp_path: Path
) -> None:
    process = start("-m", "gan", *command, home=tmp_path)
    maps = Path(f"/proc/{process.pid}/maps")
    if not maps.exists():
        process.kill()
        pytest.skip("only Linux tells what a process has loaded")
    wait_until(process, lambda: "tensorflow" in maps.read_text())
    _, said = ended(process, number)
    assert (process.returncode, said) == (128 + number, "Stopping. Once more ends it at once.\n")
    assert not (ROOT / "nothing.npz").exists()
    assert RunStore(tmp_path).ids() == []


@pytest.mark.tensorflow
@pytest.mark.parametrize("moment", ["compiling", "training"])
def test_a_training_ends_truly_and_keeps_what_it_learned(moment: str, tmp_path: Path) -> None:
    number, status = {
        "compiling": (signal.SIGTERM, RunStatus.INTERRUPTED),
        "training": (signal.SIGINT, RunStatus.STOPPED),
    }[moment]
    process = start("-m", "gan", "train", "--seconds", "100", home=tmp_path)
    store = RunStore(tmp_path)

    def reached() -> bool:
        if not (run := next(iter(store.ids()), None)):
            return False
        state = store.state(run)
        return state.step > 0 if moment == "training" else state.started is not None

    wait_until(process, reached)
    out, said = ended(process, number)
    state = store.state(out.split()[-1])
    assert (process.returncode, state.status) == (128 + number, status)
    assert "Stopping: what was learned is being saved." in said
    assert "Traceback" not in said
    if moment == "training":
        assert state.saved_step
        assert f"{state.kept} To go on from there: " in said
    else:
        kept = state.saved_step is not None  # it may have come as far as a first tick
        assert ("before its first snapshot: there is nothing to go on from" in said) != kept


def test_a_run_that_is_broken_off_has_a_true_end_in_its_record(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = RunStore(tmp_path)
    for number, status in (
        (signal.SIGINT, RunStatus.STOPPED),
        (signal.SIGTERM, RunStatus.INTERRUPTED),
    ):
        run = store.create(TINY, "tiny")
        recording = training._recording(store, store.state(run))
        for event in (untrained.report(4), untrained.snapshot(5, 4), untrained.report(8)):
            recording.note(event)
        assert recording.break_off(number) == (
            f"The snapshot of step 5 is kept. To go on from there: python -m gan resume {run}"
        )
        assert capfd.readouterr().out == f"{run}\n"
        state = store.state(run)
        assert (state.status, state.step, state.saved_step) == (status, 8, 5)
        assert recording._writing.locked(), "nothing comes after the end"


def test_a_run_that_is_broken_off_early_claims_no_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = RunStore(tmp_path)
    recording = training._recording(store, store.state(store.create(TINY, "tiny")))
    recording.note(untrained.report(4))

    def full(self: RunStore, run: str, event: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(RunStore, "append", full)  # nor does it fail where nothing can be written
    assert "there is nothing to go on from" in recording.break_off(signal.SIGINT)
