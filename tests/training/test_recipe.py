"""Recipes: what ships is valid, and a mistake is named with what is allowed."""

from pathlib import Path

import pytest

from primum.errors import UserError
from primum.training.recipe import RECIPES, read_recipe, with_mixture


@pytest.mark.parametrize("name", RECIPES)
def test_a_shipped_recipe_can_be_read_and_carries_its_name_and_a_sentence(name: str) -> None:
    recipe = read_recipe(name)
    assert recipe.name == name
    assert recipe.about.endswith(".")


def test_the_paper_recipe_is_the_papers() -> None:
    """Han et al. 2024, appendix: LoRA r 8, alpha 16, dropout 0.05 on q and v; 3 epochs, batch 128, cut-off 256."""
    recipe = read_recipe("paper")
    lora = recipe.lora
    assert (lora.r, lora.alpha, lora.dropout, lora.targets) == (8, 16, 0.05, ("q_proj", "v_proj"))
    assert (recipe.learning_rate, recipe.epochs, recipe.batch, recipe.max_length) == (3e-4, 3, 128, 256)
    assert recipe.loss_on == "all"
    assert (recipe.mixture.twins, recipe.mixture.ordinary) == (0, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no method. Allowed: sft, dpo, kto."),
        ('method = "rl"', "Unknown method in the recipe"),
        ('method = "sft"\nlearning_rat = 1', "Did you mean 'learning_rate'?"),
        ('method = "sft"\nbatch = 1.5', "'batch' has the value 1.5; allowed: a whole number."),
        ('method = "sft"\nbatch = true', "'batch' has the value True; allowed: a whole number."),
        ('method = "sft"\nbatch = 0', "'batch' has the value 0; allowed: 1 or more."),
        ('method = "sft"\nlearning_rate = nan', "'learning_rate' has the value nan; allowed: a number."),
        ('method = "sft"\nabout = 1', "'about' has the value 1; allowed: a text."),
        ('method = "sft"\nlora = 8', "'lora' has the value 8; allowed: a table."),
        ('method = "sft"\n[lora]\nrank = 8', "Unknown key of the recipe"),
        ('method = "sft"\n[lora]\ndropout = 1.0', "'dropout' has the value 1.0; allowed: below 1."),
        ('method = "sft"\n[lora]\ntargets = "q_proj"', "'targets' has the value 'q_proj'; allowed: a list of texts."),
        ('method = "sft"\n[mixture]\ncolumns = 3', "'columns' has the value 3; allowed: a table of texts."),
        ('method = "sft"\nreport_to = ["excel"]', "Unknown tracker 'excel'. Allowed: tensorboard, trackio, wandb."),
        ("method = ", "is not TOML"),
    ],
)
def test_a_mistake_in_a_recipe_is_named_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(UserError) as caught:
        read_recipe(str(file))
    assert said in str(caught.value)
    assert "mine.toml" in str(caught.value) or "tracker" in str(caught.value)


def test_an_unknown_recipe_is_told_with_those_that_ship_and_a_missing_file_by_its_name() -> None:
    with pytest.raises(UserError, match=r"Unknown recipe 'papr'. Did you mean 'paper'\?.*\.toml file"):
        read_recipe("papr")
    with pytest.raises(UserError, match=r"Cannot read the recipe none\.toml"):
        read_recipe("none.toml")


def test_what_changes_the_weights_changes_the_hash_and_nothing_else_does() -> None:
    recipe = read_recipe("sft")
    assert read_recipe("sft", save_every=7, report_to=["wandb"], about="other").sha256 == recipe.sha256
    assert read_recipe("sft", seed=1).sha256 != recipe.sha256
    assert read_recipe("sft", n=50).sha256 != recipe.sha256
    assert with_mixture(recipe, twins=0.0).sha256 != recipe.sha256


def test_changes_reach_recipe_and_mixture_and_none_means_not_said() -> None:
    changed = read_recipe("sft", n=50, demonstrations=["a.csv"], steps=3, seed=None)
    assert (changed.mixture.n, changed.mixture.demonstrations, changed.steps, changed.seed) == (50, ("a.csv",), 3, 0)
