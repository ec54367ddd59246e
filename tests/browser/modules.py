"""The modules that the explorer's page has loaded."""

from __future__ import annotations

from playwright.sync_api import Page


def modules(page: Page) -> str:
    """The address of the explorer's folder of them."""
    names = "performance.getEntriesByType('resource').map(each => each.name)"
    (address,) = {
        name.rpartition("/")[0] for name in page.evaluate(names) if "/explorer.js" in name
    }
    return str(address)
