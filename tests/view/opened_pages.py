"""Pages that are open: what they show, and what is pressed and chosen on them."""

from __future__ import annotations

from typing import Any

from jobs import scripted_runs
from streamlit.testing.v1 import AppTest
from support import look_until

from gan.jobs.engine import Engine
from gan.settings.config import TrainConfig

FINISH, WAIT = scripted_runs.config("finish"), scripted_runs.config("wait")
"""Of a run that ends at once, and of one that learns until it is told to stop."""


def open_page(app: AppTest, name: str, **query: str) -> AppTest:
    app.query_params.update(query)
    app.run()
    if name != "home":
        app.switch_page(f"pages/{name}.py")
        app.query_params.update(query)
        app.run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.title, *app.subheader, *app.info, *app.warning,
             *app.error]  # fmt: skip
    return "\n".join(part.value for part in parts)


def components(app: AppTest) -> list[str]:
    return [item.proto.component_name for item in app.get("bidi_component")]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def unfold(app: AppTest, key: str) -> None:
    """Open a popover: before that, what is in it is not drawn."""
    app.session_state[key] = True
    app.run()
    assert not app.exception, app.exception


def choose_data(app: AppTest, option: str | None = None) -> Any:
    """The selector of data, after a choice."""
    if option is not None:
        next(w for w in app.selectbox if w.label == "Data").select(option).run()
    return next(w for w in app.selectbox if w.label == "Data")


def start_button(app: AppTest) -> Any:
    return next(b for b in app.button if b.label == "Start training")


def ended(engine: Engine, config: TrainConfig = FINISH) -> str:
    """The id of a run that is over."""
    run = engine.submit(config, "my run")
    look_until(lambda: not engine.store.state(run).status.is_live)
    return run
