"""All that this app serves beside its pages, in the order in which an address is looked up."""

from starlette.routing import BaseRoute

from gan.view.explorer import animation, errand_routes, networks, real_digits
from gan.view.live import assets, sheets, stream


def routes() -> list[BaseRoute]:
    """For `st.App`. Those of `assets` come last: they take any name."""
    rooms = (stream, sheets, networks, errand_routes, real_digits, animation, assets)
    return [route for room in rooms for route in room.routes()]
