"""Who may ask this server to work: the pages of this app, and no other site's."""

from urllib.parse import urlsplit

from starlette.requests import Request


def is_of_this_app(request: Request) -> bool:
    """Whether no other site's page sent this; scripts do not say, and may."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
