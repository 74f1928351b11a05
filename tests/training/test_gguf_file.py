"""The tuned model as a file for the embedded engine."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from primum.errors import UserError
from primum.models import EngineSettings, LocalEngine, resolve_local
from primum.training.base import find_base, load_base
from primum.training.gguf_file import write_gguf
from primum.training.plan import make_training_plan
from primum.training.recipe import read_recipe
from primum.training.train import train
from primum.types import Message
from tests.training.tiny import write_recipe


def greedy(model: Any, tokenizer: Any, prompt: str, limit: int) -> str:
    import torch

    chat = [{"role": "user", "content": prompt}]
    text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    ids = tokenizer(text, return_tensors="pt", add_special_tokens=False)
    with torch.inference_mode():
        made = model.generate(**ids, max_new_tokens=limit, do_sample=False, pad_token_id=tokenizer.pad_token_id)
    return str(tokenizer.decode(made[0, ids["input_ids"].shape[1] :], skip_special_tokens=True))


def changed_layers(model: Any, seed: int = 0) -> dict[str, Any]:
    """Every linear layer with other weights, as a training of all would leave them."""
    generator = np.random.default_rng(seed)
    return {
        name: (weight.numpy() + generator.normal(0, 0.05, tuple(weight.shape))).astype(np.float32)
        for name, weight in model.state_dict().items()
        if "_proj" in name
    }


@pytest.mark.parametrize(("precision", "error"), [("f16", 1e-3), ("q8_0", 1e-2)])
def test_the_file_holds_the_changed_weights_in_their_places_and_the_others_as_they_were(
    tiny: str, tmp_path: Path, precision: Any, error: float
) -> None:
    """Queries and keys, whose rows GGUF keeps in another order, included: transformers reads back what was written."""
    base = load_base(find_base(tiny), "float32")
    changed = changed_layers(base.model)
    target = tmp_path / "tuned.gguf"
    write_gguf(Path(tiny), changed, target, precision=precision, name="tuned")
    read = load_base(find_base(str(target)), "float32").model.state_dict()
    for name, weight in base.model.state_dict().items():
        wanted, limit = (changed[name], error) if name in changed else (weight.numpy(), 0)
        assert np.abs(read[name].numpy() - wanted).max() <= limit * max(1, np.abs(wanted).max()), name
    assert [path.name for path in tmp_path.iterdir()] == ["tuned.gguf"]


def test_vocabulary_and_template_are_taken_over(tiny: str, tmp_path: Path) -> None:
    import gguf

    target = tmp_path / "tuned.gguf"
    write_gguf(Path(tiny), {}, target, precision="f16", name="tuned")
    before, after = gguf.GGUFReader(tiny), gguf.GGUFReader(target)
    same = [
        key for key in before.fields if not key.startswith("GGUF.") and key not in ("general.name", "general.file_type")
    ]
    assert {key: after.get_field(key).contents() for key in same} == {
        key: before.get_field(key).contents() for key in same
    }
    assert after.get_field("general.name").contents() == "tuned"


def test_weights_of_another_model_are_refused_and_nothing_is_left_behind(tiny: str, tmp_path: Path) -> None:
    wrong = {"model.layers.0.self_attn.q_proj.weight": np.zeros((32, 32), dtype=np.float32)}
    with pytest.raises(UserError, match=r"q_proj\.weight \(32, 32\) has no place in the base's GGUF file"):
        write_gguf(Path(tiny), wrong, tmp_path / "tuned.gguf", precision="f16", name="tuned")
    with pytest.raises(UserError, match="no such layer"):
        write_gguf(
            Path(tiny), {"model.layers.9.x.weight": wrong.popitem()[1]}, tmp_path / "t.gguf", precision="f16", name="t"
        )
    assert list(tmp_path.iterdir()) == []


def test_the_engine_says_what_transformers_says(tiny: str, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp")
    base = load_base(find_base(tiny), "float32")
    target = tmp_path / "tuned.gguf"
    write_gguf(Path(tiny), changed_layers(base.model), target, precision="f16", name="tuned")
    read = load_base(find_base(str(target)), "float32")
    engine = LocalEngine(resolve_local(str(target)), EngineSettings(slots=1, context=256))
    ours = engine.complete([Message(role="user", content="hello")], max_tokens=12, temperature=0.0, seed=0).text
    engine.close()
    theirs = greedy(read.model, read.tokenizer, "hello", 12)
    assert ours[:6] == theirs[:6]


@pytest.mark.model
def test_a_tuned_smollm2_says_in_the_engine_what_it_says_in_transformers(libraries: None, tmp_path: Path) -> None:
    """Two steps at a high rate change what it says; the engine rounds weights to 8 bits, so long texts may part."""
    recipe = write_recipe(tmp_path / "recipe.toml", dropout=0)
    read = read_recipe(str(recipe), steps=2, batch=4, n=4, lora={"r": 4, "alpha": 16, "targets": ["q_proj", "v_proj"]})
    trained = train(make_training_plan("gguf/smollm2-135m", read, tmp_path / "out"))
    assert trained.gguf is not None
    tuned = load_base(find_base(str(trained.folder)), "float32")
    engine = LocalEngine(resolve_local(str(trained.gguf)), EngineSettings(slots=1, context=512))
    same = 0
    prompts = ["What is a fever?", "How do I take paracetamol?", "Name three kinds of medicine."]
    for prompt in prompts:
        message = [Message(role="user", content=prompt)]
        ours = engine.complete(message, max_tokens=16, temperature=0.0, seed=0).text.split()
        theirs = greedy(tuned.model, tuned.tokenizer, prompt, 16).split()
        same += ours[:4] == theirs[:4]
    engine.close()
    assert same >= 2
    shutil.rmtree(trained.folder)
