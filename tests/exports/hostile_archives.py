"""Archives that are none, and what a package cannot say of itself. Each with what is said of it."""

from __future__ import annotations

import stat
import struct
import zipfile

from exports.hostile_builds import (
    ZEROS,
    Build,
    about,
    both_configs,
    flipped,
    judged,
    judged_so,
    packed,
    patched,
    with_member,
)
from untrained import (
    JUDGED,
    zipped,
)

ARCHIVES: dict[str, tuple[Build, str]] = {
    # The archive
    "nothing at all": (lambda _: b"", "damaged or not"),
    "text": (lambda _: b"this is no package", "damaged or not"),
    "a torn ZIP": (lambda members: zipped(members)[:-200], "damaged or not"),
    "half a ZIP": (lambda members: zipped(members)[: 10**5], "damaged or not"),
    "a way out": (with_member("../../draw.py"), "outside itself, ../../draw.py"),
    "a way out for Windows": (with_member("..\\draw.py"), "outside itself"),
    "a hidden way out": (with_member("tensorboard/../../draw.py"), "outside itself"),
    "an absolute path": (with_member("/etc/passwd"), "outside itself, /etc/passwd"),
    "a drive": (with_member("C:/draw.py"), "outside itself, C:/draw.py"),
    "a symbolic link": (
        with_member("quality.csv", b"/etc/passwd", stat.S_IFLNK | 0o777),
        "quality.csv, a link or a device",
    ),
    "a device": (with_member("tensorboard", mode=stat.S_IFCHR), "a link or a device"),
    "a password": (patched(8, 6, b"\x01"), "is encrypted"),
    "LZMA": (lambda members: zipped(members, zipfile.ZIP_LZMA), "in an unusual way"),
    "a size that is a lie": (patched(24, 22, struct.pack("<I", 20)), "is damaged"),
    "a size beyond all bounds": (
        patched(24, 22, struct.pack("<I", 2**31)),
        "unpacks to more than 512 MB",
    ),
    "a bomb": (
        lambda members: zipped({**members, "run.json": 8 * ZEROS}, zipfile.ZIP_DEFLATED),
        "its run.json is too large",
    ),
    "a wrong checksum": (flipped, "is damaged: Bad CRC-32"),
    "a member twice": (with_member("run.json", b"{}"), "it holds run.json twice"),
    "a thousand members": (
        lambda members: zipped(members | {f"{i}.txt": b"" for i in range(1000)}),
        "far too many members",
    ),
    "no run.json": (packed(run__json=None), "it has no run.json"),
    "no events": (packed(events__bin=None), "it has no events.bin"),
    "no weights": (packed(state__safetensors=None), "it has no state.safetensors"),
    "no generator": (packed(generator__safetensors=None), "it has no generator.safetensors"),
    "a pickle": (with_member("state.pkl", b"\x80\x04N."), "state.pkl, which is no part"),
    "a pickled array": (with_member("state.npy", b"\x93NUMPY"), "state.npy, which is no part"),
    "a script": (with_member("tensorboard/run.sh"), "tensorboard/run.sh, which is no part"),
    # What it says of itself
    "no JSON": (packed(run__json=b"{"), "its run.json cannot be read"),
    "no object": (packed(run__json=b"[1]"), "holds no JSON object"),
    "huge JSON": (packed(run__json=b"1" * (1 << 17)), "its run.json is too large"),
    "brackets without end": (packed(run__json=b"[" * 60_000), "its run.json cannot be read"),
    "digits without end": (packed(run__json=b"9" * 60_000), "its run.json cannot be read"),
    "another format": (about("format", value=3), "its format is 3"),
    "no format": (about("format", value=None), "its format is None"),
    "no config": (about("config", value=None), "its config cannot be used"),
    "a config of nothing": (about("begun", value=[]), "its config cannot be used"),
    "a field that is none": (both_configs(depth=3), "depth = 3 is not possible: no such field"),
    "a value that cannot be": (both_configs(batch_size=0), "batch_size = 0 is not possible"),
    "values that do not go together": (both_configs(loss="elbo"), "loss = 'elbo' is not possible"),
    "a value of no type": (both_configs(architecture=[]), "its config cannot be used"),
    "no number": (both_configs(ema_decay=float("nan")), "ema_decay = nan is not possible"),
    "data on this machine": (both_configs(data="/etc/passwd"), "not the name of a file"),
    "data beside it": (both_configs(data="../digits.npz"), "not the name of a file"),
    "data at somebody's": (both_configs(data="~root"), "not the name of a file"),
    "data on a drive": (both_configs(data="C:digits.npz"), "not the name of a file"),
    "data of no name": (both_configs(data=5), "data = 5 is not possible"),
    "no name": (about("name", value=" "), "its name cannot be ' '"),
    "a name of numbers": (about("name", value=5), "its name cannot be 5"),
    "a long name": (about("name", value="x" * 61), "its name cannot be 'xxx"),
    "a name that is a picture": (about("name", value="![](http://a.b/c)"), "its name cannot be"),
    "a name with a bell": (about("name", value="a\x07b"), "its name cannot be"),
    "a time of no number": (about("created", value="now"), "cannot have been created at 'now'"),
    "a time of no day": (about("created", value=float("nan")), "cannot have been created at nan"),
    "a time before all": (about("created", value=-1.0), "cannot have been created at -1.0"),
    "no snapshot": (about("snapshot", value=None), "does not tell of its snapshot"),
    "a snapshot of no step": (about("snapshot", "step", value=True), "when its snapshot was"),
    "a snapshot before all": (about("snapshot", "step", value=-1), "when its snapshot was"),
    "a report after it": (about("snapshot", "reported_step", value=11), "when its snapshot was"),
    "a clock of no number": (about("snapshot", "seconds", value=float("inf")), "when its snapshot"),
    "pictures by halves": (about("snapshot", "images_seen", value=8.5), "when its snapshot was"),
    "another snapshot": (about("snapshot", "step", value=9), "do not have the snapshot"),
    "another beginning": (about("begun", "seed", value=2), "do not begin with its config"),
    "another end": (about("config", "seed", value=2), "do not lead to what it says"),
    "a config of another family": (
        both_configs(architecture="vae", loss="elbo"),
        "a Progress does not go with its config",
    ),
    # What it was judged
    "judgements that are no JSON": (judged(b"{"), "its judgements.json cannot be read"),
    "judgements that are no list": (judged(b"{}"), "is no list of at most 20"),
    "judgements without end": (judged(b"[0, " * 5000 + b"0" + b"]" * 5000), "cannot be"),
    "too many judgements": (judged_so(*[{}] * 21), "is no list of at most 20"),
    "a judgement of nobody": (judged_so({"made": 1.0}), "one of its judgements cannot be used"),
    "a judgement of nothing": (
        judged_so({"made": 1.0, "result": {}}),
        "one of its judgements cannot be used",
    ),
    "a judgement of another kind": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "script": "x"}}),
        "one of its judgements cannot be used",
    ),
    "a judgement beyond all numbers": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "samples": 10**400}}),
        "a count of it cannot be 1000",
    ),
    "a judgement of no number": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "coverage": [float("nan")] * 10}}),
        "its classes are not ten shares",
    ),
    "a judgement with a link": (
        judged_so({"made": 1.0, "result": {**JUDGED.result(), "real_digits": "[a](http://b)"}}),
        "its real digits cannot be",
    ),
    "a judgement of no time": (
        judged_so({"made": float("inf"), "result": JUDGED.result()}),
        "it cannot have been created at inf",
    ),
}
