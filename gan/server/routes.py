"""All that this app serves beside its pages, in the order in which an address is looked up."""

from starlette.routing import BaseRoute

from gan.server import animation, assets, networks, real_digits, request_routes, sheets, stream


def routes() -> list[BaseRoute]:
    """For `st.App`. Those of `assets` come last: they take any name."""
    rooms = (stream, sheets, networks, request_routes, real_digits, animation, assets)
    return [route for room in rooms for route in room.routes()]
