"""Training steps, compiled: one a launch, or several where a launch costs more than a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import tensorflow as tf

MOST_UNROLLED: Final = 8
"""Steps in one launch. Tracing takes as long for each as for one alone."""


class CompiledSteps:
    """One step, compiled, and `at_once` of them, written out one after the other.

    A loop inside the graph would be traced sooner, but its runs do not repeat to the bit.
    """

    def __init__(self, advance: Callable[[], None], at_once: int) -> None:
        self._advance, self._at_once = advance, at_once
        self._single, self._several = self._compiled(1), None
        self._has_begun = False

    def take(self, count: int) -> None:
        """Take `count` steps; the first ones singly, so that they do not wait for the others."""
        if self._has_begun and count >= self._at_once:
            self.unroll()
        self._has_begun = True
        if self._several is not None:
            launches, count = divmod(count, self._at_once)
            for _ in range(launches):
                self._several()
        for _ in range(count):
            self._single()

    def unroll(self) -> None:
        """Compile several steps, if that is still to do and there is a use for it."""
        if self._at_once > 1 and self._several is None:
            self._several = self._compiled(self._at_once)

    def _compiled(self, count: int) -> Any:
        def steps() -> None:
            for _ in range(count):
                self._advance()

        return tf.function(steps, autograph=False).get_concrete_function()
