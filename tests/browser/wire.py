"""What a page sends to its server, heard to the last of it."""

from __future__ import annotations

from playwright.sync_api import Page

MARK = "/_stcore/health?all-before-this-is-heard"


class Wire:
    """The requests that a page makes from now on, and what goes through the sockets that it opens.

    A page's own requests and frames are told in the order in which they were sent: once a request
    of the test's own is heard, so is all that was sent before it.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sent: list[str] = []
        page.on("request", lambda request: self._hear(f"{request.method} {request.url}"))
        page.on("websocket", lambda socket: socket.on("framesent", lambda _: self._hear("a frame")))

    def _hear(self, what: str) -> None:
        if not what.endswith(MARK):
            self._sent.append(what)

    def sent(self, about: str = "") -> list[str]:
        """All that was sent until now, of whatever is about `about`."""
        with self._page.expect_request(lambda request: request.url.endswith(MARK)):
            self._page.evaluate("mark => void fetch(mark)", MARK)
        return [each for each in self._sent if about in each]

    def forget(self) -> None:
        """Only what is sent from now on counts."""
        self.sent()
        self._sent.clear()
