"""What many ask for at once is read by one of them, and kept for all.

`functools.cache` keeps only what somebody finished: sixty browsers that come at once to a server
that has just started would each unpack every recording, all of them at the interpreter's lock.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class ReadOnce(Generic[P, R]):
    """`read`, called once for the same arguments, however many threads ask meanwhile.

    At most `most` answers are kept, those that were asked for last. An error is told to all who
    waited for it and not kept: whoever asks next tries again.
    """

    def __init__(self, read: Callable[P, R], most: int | None) -> None:
        self._read = read
        self._most = most
        self._asking = threading.Lock()
        self._answers: OrderedDict[Hashable, Future[R]] = OrderedDict()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """What `read` made of these arguments, now or before."""
        key = (args, tuple(sorted(kwargs.items())))
        with self._asking:
            known = self._answers.get(key)
            answer = self._answers.setdefault(key, Future())
            self._answers.move_to_end(key)
            if self._most is not None and len(self._answers) > self._most:
                self._answers.popitem(last=False)
        if known is None:
            self._fill(key, answer, *args, **kwargs)
        return answer.result()

    def _fill(self, key: Hashable, answer: Future[R], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            answer.set_result(self._read(*args, **kwargs))
        except BaseException as error:
            with self._asking:
                if self._answers.get(key) is answer:
                    del self._answers[key]
            answer.set_exception(error)

    def cache_clear(self) -> None:
        """Forget all answers."""
        with self._asking:
            self._answers.clear()


def read_once(most: int | None = None) -> Callable[[Callable[P, R]], ReadOnce[P, R]]:
    """Decorate a function that reads what never changes; `most` answers are kept, or all."""
    return lambda read: ReadOnce(read, most)
