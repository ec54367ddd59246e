"""All that this app serves beside its pages, in the order in which an address is looked up."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import BaseRoute, Mount, Router

from gan.server import animation, assets, networks, real_digits, request_routes, sheets, stream
from gan.server.addresses import LIVE
from gan.server.context import Context
from gan.server.stream import Maker


def routes(
    context: Context, maker_of: Callable[[str], Maker | None], base_path: str = ""
) -> list[BaseRoute]:
    """Everything below ``_live``, which is below `base_path` if the whole app is.

    `maker_of` knows the topics that are pushed.
    """
    rooms = [
        stream.routes(maker_of),
        sheets.routes(context),
        networks.routes(context),
        request_routes.routes(context),
        real_digits.routes(),
        animation.routes(),
        assets.routes(),  # the last, for they take any name
    ]
    # What is not there is not looked for elsewhere: a redirect would lead out of a proxy's path.
    router = Router([route for room in rooms for route in room], redirect_slashes=False)
    base = f"/{base_path.strip('/')}".rstrip("/")
    return [Mount(f"{base}/{LIVE}", router)]
