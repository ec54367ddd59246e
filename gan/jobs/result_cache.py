"""What came of requests, kept on the disk for whoever asks the same again."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
from pathlib import Path
from typing import cast

from gan.messages.codec import MessageError, encode, read
from gan.messages.requests import Result


class ResultCache:
    """Results by name in one folder, each a file: a digest of what follows, and the message.

    A file that is damaged is dropped. Beyond so many bytes in all, those go that were not asked for
    the longest. A disk that cannot be written to keeps nothing, and nobody is told.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder, self._limit = folder, limit_bytes

    def get(self, name: str) -> Result | None:
        """What was kept as `name`, if it is there and whole."""
        path = self._path(name)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, body = content[:32], content[32:]
        try:
            if hashlib.sha256(body).digest() == digest:
                return cast("Result | None", read(io.BytesIO(body)))
        except MessageError:
            pass
        try:
            path.unlink(missing_ok=True)
        except OSError:
            pass  # a folder that cannot be written to: it is computed again
        return None

    def put(self, name: str, result: Result) -> None:
        """Keep `result`, and let others go for it."""
        body = encode(result)
        path = self._path(name)
        partial = path.with_suffix(f".{secrets.token_hex(4)}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(hashlib.sha256(body).digest() + body)
            partial.replace(path)
            self._shrink()
        except OSError:
            pass  # it is computed again

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.bin"

    def _shrink(self) -> None:
        """Delete what was left half written, and the oldest while there is too much."""
        for path in self._folder.glob("*.partial"):
            path.unlink(missing_ok=True)
        found = [(path.stat(), path) for path in self._folder.glob("*.bin")]
        room = self._limit
        for about, path in sorted(found, key=lambda each: each[0].st_mtime_ns, reverse=True):
            room -= about.st_size
            if room < 0:
                path.unlink(missing_ok=True)
