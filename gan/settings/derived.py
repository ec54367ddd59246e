"""What follows from the fields of a config."""

from __future__ import annotations

from dataclasses import dataclass

from gan.settings.families import Family, family_of
from gan.settings.fields import ALL_CLASSES, CLASSES, Fields
from gan.settings.limits import ConfigError


@dataclass(frozen=True, slots=True)
class ConfigFields(Fields):
    """What `gan.settings.config.TrainConfig` holds, not yet checked."""

    @property
    def is_conditional(self) -> bool:
        """Whether G is told which class to draw."""
        return self.conditional in ("projected", "concatenated")

    @property
    def uses_labels(self) -> bool:
        """Whether D is told the labels that come with the pictures."""
        return self.uses_classes and not self.finds_groups

    @property
    def uses_classes(self) -> bool:
        """Whether D is told which class a picture should be of, labelled or found."""
        return self.conditional != "no"

    @property
    def finds_groups(self) -> bool:
        """Whether the classes are groups of pictures that nobody labelled."""
        return self.conditional == "found"

    @property
    def hides_classes(self) -> bool:
        """Whether the first numbers of the noise lean towards the classes."""
        return self.conditional in ("hidden", "found")

    @property
    def class_count(self) -> int:
        """How many classes D can be told, whether or not all of them are learned."""
        return self.groups if self.finds_groups else CLASSES

    @property
    def told_classes(self) -> tuple[int, ...]:
        """The classes that D is told of, in order."""
        return tuple(range(self.groups)) if self.finds_groups else self.chosen_classes

    @property
    def follows_the_clock(self) -> bool:
        """Whether what a step learns hangs on the seconds before it, and not on seed and step."""
        return self.learning_rate_schedule != "constant" and self.max_seconds is not None

    @property
    def family(self) -> Family:
        """The kind of method that its networks belong to."""
        return family_of(self.architecture)

    @property
    def chosen_classes(self) -> tuple[int, ...]:
        """The classes to learn from, in order; all ten of them for ``all``."""
        if self.classes == ALL_CLASSES:
            return tuple(range(CLASSES))
        try:
            chosen = sorted({int(part) for part in self.classes.split(",")})
        except (ValueError, AttributeError):
            chosen = []
        if not chosen or not set(chosen) <= set(range(CLASSES)):
            raise ConfigError("classes", self.classes, "all, or classes from 0 to 9 such as 3,8")
        return tuple(chosen)

    @property
    def sample_columns(self) -> int:
        """Digits in a row of samples: a column for each class asked for, some 8 of them in all."""
        classes = len(self.chosen_classes) if self.is_conditional else 1
        return classes * max(1, round(8 / classes))
