"""What is wrong with a package from elsewhere."""

from __future__ import annotations

from gan.data.digits import DataError


class PackageError(DataError):
    """A package that is not taken in: what is wrong with it. Nothing of it was kept."""


class DamageError(ValueError):
    """A part of a package that cannot be used, as the end of the sentence that tells so."""
