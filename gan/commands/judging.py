"""The command that judges a run's digits, beside what real digits score."""

from __future__ import annotations

import argparse
import dataclasses
import json

from gan import config, data
from gan.commands import terminal
from gan.runs import library, measures
from gan.runs.store import RunStore, default_home


def evaluate(options: argparse.Namespace) -> None:
    """Judge a run's digits, beside what real digits score against real digits."""
    store = RunStore(default_home())
    path = library.snapshot_path(store, library.find(store, options.run))
    terminal.start_tensorflow()
    from gan.model import bundle
    from gan.model.quality import evaluation

    loaded = bundle.load(path)
    learned = loaded.config.data
    settings = dataclasses.replace(loaded.config, data=options.data or learned)
    try:
        digits = data.load_for(settings)
    except data.NotDownloaded:
        if settings.data != config.MNIST_DATA:
            raise
        settings = dataclasses.replace(settings, data=config.BUILTIN_DATA)
        digits = data.load_for(settings)
    quality = evaluation(loaded, digits, options.seed)
    if options.json:
        values = dataclasses.asdict(quality) | {"run": options.run, "real_digits": settings.data}
        del values["seconds"]
        ratio = quality.frechet_distance / quality.floor if quality.floor > 0 else None
        print(json.dumps(values | {"ratio": ratio}, indent=2))
        return
    print(
        f"{quality.samples} digits of {options.run} (step {quality.step}), against as many real "
        f"ones ({settings.data}), in the features of this project's digit classifier:"
    )
    print(f"  {'':<40}  generated    real")
    for row in measures.measures(quality):
        print(f"  {row.name:<40}  {row.generated:>9}  {row.real:>6}  {row.better}")
    for name, shares in (("generated", quality.coverage), ("real", quality.real_coverage)):
        classes = "  ".join(f"{digit}: {share:.1%}" for digit, share in enumerate(shares))
        print(f"  Classes, {name:<9}  {classes}")
    print(f"The Frechet distance (not FID) is {terminal.ratio(quality)}.")
    if settings.data != learned:
        print(f"The run learned from {learned}: copies of what is only there are not found.")
    if doubt := measures.doubt(learned):
        print(doubt)
