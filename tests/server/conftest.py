"""The routes' engine is the pages'."""

from view.conftest import engine as engine
