"""The model that a training starts from."""

import json
from pathlib import Path

import pytest

from primum.errors import RunError, UserError
from primum.training.base import find_base, load_base
from tests.training.tiny import write_tiny_gguf


def test_a_model_out_of_a_gguf_file_can_be_saved_and_read_again(tiny: str, tmp_path: Path) -> None:
    import torch

    loaded = load_base(find_base(tiny), "float32")
    loaded.model.save_pretrained(tmp_path)
    loaded.tokenizer.save_pretrained(tmp_path)
    again = load_base(find_base(str(tmp_path)), "float32")
    ids = torch.tensor([loaded.tokenizer("the text", add_special_tokens=False)["input_ids"]])
    assert torch.equal(again.model(input_ids=ids).logits, loaded.model(input_ids=ids).logits)
    assert again.tokenizer.chat_template == loaded.tokenizer.chat_template
    assert again.revision != loaded.revision


def test_it_is_loaded_in_the_dtype_that_is_asked_for(tiny: str) -> None:
    import torch

    assert load_base(find_base(tiny), "bfloat16").model.dtype is torch.bfloat16


def test_a_model_without_a_chat_template_is_refused(tiny: str, tmp_path: Path) -> None:
    file = write_tiny_gguf(tmp_path / "plain.gguf", template=None, seed=1)
    with pytest.raises(UserError, match="has no chat template"):
        load_base(find_base(str(file)), "float32")


def test_a_broken_gguf_is_one_line(tiny: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(64))
    with pytest.raises(UserError, match=r"broken\.gguf cannot be trained"):
        load_base(find_base(str(file)), "float32")


@pytest.mark.parametrize("name", ["openai/gpt/4", "none", "./none", "a/b/c"])
def test_what_is_no_model_is_told_with_what_is(name: str) -> None:
    with pytest.raises(UserError, match=r"There is no model '.*' to train\. Allowed: gguf/smollm2-135m"):
        find_base(name)


@pytest.mark.parametrize("name", ["hf/owner/name", "owner/name"])
def test_an_id_on_the_hub_is_taken_with_and_without_its_prefix(name: str) -> None:
    base = find_base(name)
    assert (base.name, base.place, base.sha256, base.gguf) == ("hf/owner/name", "owner/name", None, None)


def test_a_folder_without_model_or_without_safe_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no model \(no config\.json\)"):
        find_base(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UserError, match=r"holds no weights \(no \.safetensors\)"):
        find_base(str(tmp_path))


def test_a_folder_that_holds_no_language_model_is_one_line(libraries: None, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 8)
    with pytest.raises(UserError, match="cannot be read as a language model"):
        load_base(find_base(str(tmp_path)), "float32")


def test_an_adapter_that_does_not_name_its_base_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": None}))
    with pytest.raises(UserError, match="does not say for which base it was made"):
        find_base(str(tmp_path))


def test_an_adapter_for_another_base_is_refused(tiny: str, tmp_path: Path) -> None:
    import peft

    model = load_base(find_base(tiny), "float32").model
    wrapped = peft.get_peft_model(model, peft.LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM"))
    wrapped.save_pretrained(tmp_path / "adapter")
    config = tmp_path / "adapter" / "adapter_config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "base_model_name_or_path": tiny}))
    assert load_base(find_base(str(tmp_path / "adapter")), "float32").base.adapter == tmp_path / "adapter"
    narrow = json.loads(config.read_text()) | {"r": 3}
    config.write_text(json.dumps(narrow))
    with pytest.raises(UserError, match=r"does not fit .* it was made for another base"):
        load_base(find_base(str(tmp_path / "adapter")), "float32")


def test_an_unfinished_training_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "training.json").write_text("{}")
    with pytest.raises(UserError, match="has no result yet"):
        find_base(str(tmp_path))


def test_a_model_that_cannot_be_fetched_is_one_line_that_says_to_run_again(
    libraries: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(RunError, match=r"hf/owner/name could not be fetched.*Run again: what arrived is kept"):
        load_base(find_base("hf/owner/name"), "float32")
