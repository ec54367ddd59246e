"""The form for a new run: what it asks, what it leaves out, what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from gan.jobs import machine
from gan.jobs.engine import Engine
from gan.runs import measures
from gan.settings import presets
from gan.settings.config import ARCHITECTURES, TrainConfig
from gan.settings.families import FAMILIES, Family
from gan.settings.presets import Preset
from gan.view.form import family_fields, form

QUICK = TrainConfig()
FAILING = TrainConfig(discriminator_steps=10, max_seconds=None, max_steps=500)
SEVERAL = {
    "quick": Preset(QUICK, "Soon.", "start here"),
    "wgan-gp": Preset(
        TrainConfig(loss="wasserstein", gradient_penalty=10.0, discriminator_normalization="none"),
        "Steady.",
        "methods",
    ),
    "vae": Preset(TrainConfig(architecture="vae", loss="elbo"), "Blurred.", "methods"),
    "strong-discriminator": Preset(FAILING, "G learns nothing.", "failures"),
}


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Callable[..., AppTest]:
    """The form alone, opened with the given query."""

    def script() -> None:  # the text of this function is run: no names from outside
        import streamlit as st

        from gan.view.form import form

        name, config = form.config_form()
        st.session_state["asked"] = (name, config and config.to_json())

    def open_form(**query: str) -> AppTest:
        app = AppTest.from_function(script, default_timeout=30)
        app.query_params.update(query)
        app.run()
        assert not app.exception, app.exception
        return app

    return open_form


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presets, "presets", lambda: SEVERAL)


def described(app: AppTest) -> tuple[str, TrainConfig | None]:
    assert not app.exception, app.exception
    name, text = app.session_state["asked"]
    return name, text and TrainConfig.from_json(text)


def widget(app: AppTest, label: str) -> Any:
    return next(w for w in (*app.selectbox, *app.number_input) if w.label == label)


def labels(app: AppTest) -> set[str]:
    return {w.label for w in (*app.selectbox, *app.number_input)}


def test_every_field_stands_under_one_heading(ask: Callable[..., AppTest]) -> None:
    asked = [name for names in form.FIELD_GROUPS.values() for name in names]
    assert sorted(asked) == sorted(item.name for item in fields(TrainConfig))
    headings = [heading.value for heading in ask().subheader]
    assert headings == list(form.FIELD_GROUPS)
    assert headings == ["Networks", "Loss and options", "Optimisation", "Data", "Budget"]


@pytest.mark.parametrize("name", presets.presets())
def test_a_preset_that_nobody_touched_is_what_is_trained(
    ask: Callable[..., AppTest], name: str
) -> None:
    assert described(ask(preset=name)) == (name, presets.preset(name))


def test_all_presets_stand_in_a_group_that_has_words() -> None:
    assert {preset.group for preset in presets.presets().values()} <= set(form.PRESET_GROUPS)


@pytest.mark.usefixtures("several")
def test_presets_are_chosen_within_groups(ask: Callable[..., AppTest]) -> None:
    app = ask()
    assert app.button_group[0].options == ["Start here", "Methods", "Failures"]
    assert app.radio[0].options == ["quick"]
    app.button_group[0].set_value("methods").run()
    assert app.radio[0].options == ["wgan-gp", "vae"]
    assert described(app) == ("wgan-gp", SEVERAL["wgan-gp"].config)
    app.radio[0].set_value("vae").run()
    assert described(app) == ("vae", SEVERAL["vae"].config)


@pytest.mark.usefixtures("several")
def test_an_address_opens_the_group_of_its_preset(ask: Callable[..., AppTest]) -> None:
    assert described(ask(preset="vae")) == ("vae", SEVERAL["vae"].config)


@pytest.mark.usefixtures("several")
def test_failures_are_meant_to_fail_and_keep_their_budget_of_steps(
    ask: Callable[..., AppTest],
) -> None:
    assert not any("Meant to fail" in caption.value for caption in ask().caption)
    app = ask(preset="strong-discriminator")
    assert any("Meant to fail" in caption.value for caption in app.caption)
    assert described(app) == ("strong-discriminator", FAILING)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_no_choice_of_networks_leads_to_a_refusal(
    ask: Callable[..., AppTest], architecture: str
) -> None:
    app = ask()
    widget(app, "Architecture").set_value(architecture).run()
    _, config = described(app)
    assert config is not None
    assert config.architecture == architecture
    assert not app.error


@pytest.mark.usefixtures("several")
def test_an_autoencoder_brings_its_loss_and_asks_nothing_about_a_discriminator(
    ask: Callable[..., AppTest],
) -> None:
    app = ask()
    assert "elbo" not in widget(app, "Loss").options
    assert "Divergence weight" not in labels(app)
    widget(app, "Loss").set_value("hinge")
    widget(app, "Discriminator steps").set_value(3)
    widget(app, "Conditional").set_value("projected").run()
    widget(app, "Architecture").set_value("vae").run()
    assert widget(app, "Loss").options == ["elbo"]
    assert widget(app, "Loss").disabled
    assert "Divergence weight" in labels(app)
    for label in ("Gradient penalty", "R1 penalty", "Label smoothing", "Instance noise",
                  "Conditional"):  # fmt: skip
        assert label not in labels(app)
    assert not [label for label in labels(app) if "iscriminator" in label]
    widget(app, "Divergence weight").set_value(4.0).run()
    assert described(app)[1] == TrainConfig(architecture="vae", loss="elbo", divergence_weight=4.0)
    widget(app, "Architecture").set_value("lean-dcgan").run()
    assert described(app)[1] == QUICK


def networks_of(family: Family) -> str:
    return next(iter(family.architectures))


@pytest.mark.parametrize("there", FAMILIES.values(), ids=lambda family: family.name)
@pytest.mark.parametrize("preset", ["quick", "vae", "ddpm"])
def test_networks_of_another_family_bring_what_is_usual_there(
    ask: Callable[..., AppTest], preset: str, there: Family
) -> None:
    app, here = ask(preset=preset), presets.preset(preset)
    widget(app, "Architecture").set_value(networks_of(there)).run()
    assert not app.error
    _, config = described(app)
    usual = here if there is here.family else presets.preset(family_fields.preset_of(there))
    names = [*form.FIELD_GROUPS["Networks"], *form.FIELD_GROUPS["Loss and options"],
             *form.FIELD_GROUPS["Optimisation"]]  # fmt: skip
    values = {name: getattr(usual, name) for name in names}
    assert config == replace(here, **(values | {"architecture": networks_of(there)}))
    said = any("learn by another method" in caption.value for caption in app.caption)
    assert said == (there is not here.family)


def test_what_was_set_by_hand_stays_where_it_means_the_same(ask: Callable[..., AppTest]) -> None:
    app = ask(preset="quick")
    widget(app, "Batch size").set_value(48)
    widget(app, "Latent dim").set_value(20)
    widget(app, "Generator learning rate").set_value(0.5).run()
    widget(app, "Architecture").set_value("ddpm").run()
    _, config = described(app)
    assert config is not None
    usual = presets.preset("ddpm")
    assert config == replace(usual, batch_size=48, max_seconds=config.max_seconds)
    widget(app, "Adam beta 1").set_value(0.7).run()
    widget(app, "Architecture").set_value("fine-dcgan").run()
    assert described(app)[1] == replace(presets.preset("quick"), batch_size=48, adam_beta_1=0.7)


def test_the_form_offers_no_more_noise_than_is_taken(ask: Callable[..., AppTest]) -> None:
    app = ask(preset="quick")
    assert "from 2 to 512" in widget(app, "Latent dim").help
    widget(app, "Latent dim").set_value(512).run()
    assert not app.error
    widget(app, "Latent dim").set_value(513).run()
    assert "up to 512 numbers of noise" in app.error[0].value


def test_fields_of_one_network_speak_of_no_other(ask: Callable[..., AppTest]) -> None:
    app = ask(preset="ddpm")
    assert {"Learning rate", "Hidden units"} <= labels(app)
    assert not [label for label in labels(app) if "enerator" in label]
    words = [w.help or "" for w in (*app.selectbox, *app.number_input)]
    assert not [text for text in words if "both" in text.split() or "GANs" in text]
    widget(app, "Learning rate").set_value(2.0).run()
    assert app.error[0].value.startswith("Learning rate cannot be 2.0")


@pytest.mark.usefixtures("several")
def test_a_run_may_end_once_its_digits_are_good_enough(ask: Callable[..., AppTest]) -> None:
    app = ask()
    label = next(label for label in labels(app) if "as good as" in label)
    assert any(text.value == measures.TARGETS for text in app.caption)
    widget(app, label).set_value(2.5).run()
    assert described(app)[1] == replace(QUICK, target_distance=2.5)
    assert form.estimate(replace(QUICK, target_distance=2.5)).startswith("Takes at most 60 s")


@pytest.mark.usefixtures("several")
def test_from_an_autoencoder_to_a_game(ask: Callable[..., AppTest]) -> None:
    app = ask(preset="vae")
    widget(app, "Architecture").set_value("lean-dcgan").run()
    assert described(app)[1] == QUICK


@pytest.mark.usefixtures("several")
def test_smoothing_is_asked_only_where_there_are_labels(ask: Callable[..., AppTest]) -> None:
    app = ask()
    widget(app, "Label smoothing").set_value(0.1).run()
    widget(app, "Loss").set_value("hinge").run()
    assert "Label smoothing" not in labels(app)
    _, config = described(app)
    assert config is not None
    assert (config.loss, config.label_smoothing) == ("hinge", 0.0)


@pytest.mark.usefixtures("several")
def test_how_many_groups_is_asked_only_where_groups_are_found(ask: Callable[..., AppTest]) -> None:
    app = ask()
    assert "Groups" not in labels(app)
    widget(app, "Conditional").set_value("found").run()
    widget(app, "Groups").set_value(12).run()
    _, config = described(app)
    assert config is not None
    assert (config.conditional, config.groups) == ("found", 12)
    widget(app, "Conditional").set_value("no").run()
    assert "Groups" not in labels(app)
    assert described(app)[1] == QUICK


@pytest.mark.usefixtures("several")
def test_what_does_not_go_together_is_refused_in_a_sentence(ask: Callable[..., AppTest]) -> None:
    app = ask()
    widget(app, "Loss").set_value("wasserstein").run()
    assert described(app)[1] is None
    (error,) = app.error
    assert "wasserstein needs a gradient penalty (10 is usual)" in error.value
    widget(app, "Discriminator normalization").set_value("none")
    widget(app, "Gradient penalty").set_value(10.0).run()
    assert not app.error
    assert described(app)[1] == SEVERAL["wgan-gp"].config


def test_only_runs_of_the_same_work_tell_how_long_it_takes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan.messages.events import Progress
    from gan.runs.state import RunState

    config = TrainConfig(max_steps=1000, max_seconds=None)
    progress = (Progress(100, 3200, 5.0, 1.0, 1.0, 0.5, 0.5, 640.0),)
    past = RunState("a", "first", config, 0.0, progress=progress)
    monkeypatch.setattr(form, "all_runs", lambda: [past])
    assert form.estimate(config) == "Takes about 50 s, judging by the run first."
    other = TrainConfig(max_steps=1000, max_seconds=None, discriminator_steps=5)
    assert "shows once it is going" in form.estimate(other)


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("is_quick", machine.MIXED_PRECISION)
def test_mixed_precision_says_what_this_machine_makes_of_it(
    ask: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, is_quick: bool | None
) -> None:
    monkeypatch.setattr(machine, "has_bfloat16", lambda: is_quick)
    words = machine.MIXED_PRECISION[is_quick]
    app = ask()
    assert words not in [caption.value for caption in app.caption]
    widget(app, "Precision").set_value("mixed").run()
    assert words in [caption.value for caption in app.caption]
    assert described(app) == ("quick", replace(QUICK, precision="mixed"))
