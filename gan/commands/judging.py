"""The command that judges a run's digits, beside what real digits score."""

from __future__ import annotations

import argparse
import dataclasses
import json

from gan.commands import terminal
from gan.commands.arguments import Add, add_run
from gan.data import datasets, registry
from gan.runs import library, measures
from gan.runs.store import RunStore, default_home


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


def evaluate(options: argparse.Namespace) -> None:
    """Judge a run's digits, beside what real digits score against real digits."""
    store = RunStore(default_home())
    path = library.snapshot_path(store, library.find(store, options.run))
    terminal.start_tensorflow()
    from gan.model import bundle
    from gan.model.quality import evaluation
    from gan.model.reference import classes_of

    loaded = bundle.load(path)
    learned = loaded.config.data
    settings = dataclasses.replace(loaded.config, data=options.data or learned)
    try:
        digits = datasets.load_for(settings)
    except datasets.NotDownloaded:
        if not registry.DATA_SETS[settings.data].includes_builtin:
            raise
        settings = dataclasses.replace(settings, data=registry.BUILTIN.name)
        digits = datasets.load_for(settings)
    classes = classes_of(settings)
    quality = evaluation(loaded, digits, classes, options.seed)
    if options.json:
        values = dataclasses.asdict(quality) | {"run": options.run, "real_digits": settings.data}
        del values["seconds"]
        print(json.dumps(values, indent=2))
        return
    print(
        f"{quality.samples} digits of {options.run} (step {quality.step}), beside what real ones "
        f"score ({settings.data}), in the features of this project's digit classifier:"
    )
    print(f"  {'':<40}  {'generated':>20}  {'real':>17}")
    for row in measures.measures(quality):
        print(f"  {row.name:<40}  {row.generated:>20}  {row.real:>17}  {row.better}")
    for name, shares in (("generated", quality.coverage), ("real", quality.real_coverage)):
        classes = "  ".join(f"{digit}: {share:.1%}" for digit, share in enumerate(shares))
        print(f"  Classes, {name:<9}  {classes}")
    against = "MNIST's test digits" if classes else f"all digits of {settings.data}"
    print(
        f"The Frechet distance (not FID) is that from {against}, as of infinitely many digits. "
        f"{measures.INTERVAL} {measures.verdict(quality)}"
    )
    if settings.data != learned:
        print(f"The run learned from {learned}: copies of what is only there are not found.")
    if doubt := measures.doubt(learned):
        print(doubt)
