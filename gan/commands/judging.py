"""The command that judges a run's digits, beside what real digits score."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gan.commands import terminal
from gan.commands.arguments import Add, add_run
from gan.commands.signals import leaving
from gan.commands.terminal import UsageError
from gan.data import registry
from gan.messages.events import Failed
from gan.messages.jobs import Cancelled, Done, JobEvent, Working
from gan.runs import judgement, library, measures
from gan.runs.errors import StoreError, reason
from gan.runs.judgement import JUDGE, Judgement
from gan.runs.state import RunState
from gan.runs.store import RunStore, default_home

SAMPLES: Final = 5000
LEAST: Final = 100
MOST: Final = 100_000


class CancelledElsewhere(StoreError):
    """Another process asked for the end of what is at work here."""


def declare(add: Add) -> None:
    """The arguments of this command."""
    adding = add(evaluate)
    add_run(adding)
    adding.add_argument("--json", action="store_true")
    digits = [name for name in registry.DATA_SETS if registry.has_digits(name)]
    adding.add_argument(
        "--data", metavar="|".join([*digits, "PATH"]), help="real digits to compare with"
    )
    adding.add_argument("--seed", type=int, default=0, metavar="N")
    adding.add_argument(
        "--samples",
        type=int,
        default=SAMPLES,
        metavar="N",
        help=f"how many digits are drawn, several times over: {LEAST} to {MOST:,} (default "
        f"{SAMPLES:,}; the app draws 10,000)",
    )


def evaluate(options: argparse.Namespace) -> None:
    """Judge a run's digits, beside what real digits score against real digits.

    What comes of it is kept with a run of this store, and stands on its page.
    """
    if not LEAST <= options.samples <= MOST:
        raise UsageError(f"--samples {options.samples}: it takes {LEAST} to {MOST:,}.")
    store = RunStore(default_home())
    store.recover()
    state = library.find(store, options.run)
    path = library.snapshot_path(store, state)
    terminal.start_tensorflow()
    from gan.model import bundle, judging

    network = bundle.load(path)
    learned = network.config
    asked = dataclasses.replace(learned, data=options.data or learned.data)
    settings, digits = judging.real_digits(asked)
    with _recorded(options, store, state) as record:
        for said in judging.judge(network, settings, digits, options.samples, options.seed):
            record(Done(said.result()) if isinstance(said, Judgement) else said)
    assert isinstance(said, Judgement)
    if options.json:
        print(json.dumps(_values(options.run, said), indent=2))
    else:
        _print(options.run, said, learned.data)


@contextmanager
def _recorded(
    options: argparse.Namespace, store: RunStore, state: RunState
) -> Iterator[Callable[[Working | Done], None]]:
    """Show how far the judging is, and record it as a job of the run if that is of this store."""
    chosen = {"samples": options.samples, "seed": options.seed}
    job = "" if state.recording else store.jobs.create(JUDGE, state.id, chosen)

    def end(event: JobEvent) -> str:
        if job and store.jobs.state(job).status.is_live:
            store.jobs.append(job, event)
        return ""

    def record(event: Working | Done) -> None:
        if job and store.jobs.is_unwanted(job):
            raise CancelledElsewhere("This was cancelled from elsewhere: nothing of it is kept.")
        if isinstance(event, Working):
            terminal.show_working(event)
        if job:
            store.jobs.append(job, event)

    try:
        with options.signals.answered(leaving(lambda: end(Cancelled()))):
            yield record
    except CancelledElsewhere:
        end(Cancelled())
        raise
    except Exception as error:
        end(Failed("judging_broke_off", {"reason": reason(error)}))
        raise
    except BaseException:
        end(Cancelled())
        raise
    finally:
        terminal.end_working()


def _values(run: str, judged: Judgement) -> dict[str, Any]:
    """What is measured, as JSON: the means, how far each may be off, and of how many digits."""
    values = dataclasses.asdict(judged.quality)
    del values["seconds"]
    spreads = {name: each.spread for name, each in judged.generated.items()}
    real_spreads = {name: each.spread for name, each in judged.real.items()}
    return values | {
        "run": run,
        "real_digits": judged.real_digits,
        "times": judged.times,
        "compared": judged.compared,
        "spread": spreads,
        "real_spread": real_spreads,
    }


def _print(run: str, judged: Judgement, learned: str) -> None:
    quality = judged.quality
    print(
        f"{judged.samples} digits of {run} (step {judged.step}), beside what real ones "
        f"score ({judged.real_digits}), in the features of this project's digit classifier:"
    )
    print(f"  {'':<40}  {'generated':>20}  {'real':>17}")
    for row in judgement.rows(judged):
        print(f"  {row.name:<40}  {row.generated:>20}  {row.real:>17}  {row.better}")
    for name, shares in (("generated", judged.coverage), ("real", judged.real_coverage)):
        classes = "  ".join(f"{digit}: {share:.1%}" for digit, share in enumerate(shares))
        print(f"  Classes, {name:<9}  {classes}")
    print(judgement.about(judged))
    is_of_digits = registry.has_digits(judged.real_digits)
    against = "MNIST's test digits" if is_of_digits else f"all digits of {judged.real_digits}"
    print(
        f"The Frechet distance (not FID) is that from {against}, as of infinitely many digits. "
        f"{measures.INTERVAL} {measures.verdict(quality)}"
    )
    if judged.real_digits != Path(learned).name:
        print(f"The run learned from {learned}: copies of what is only there are not found.")
    if doubt := measures.doubt(learned):
        print(doubt)
