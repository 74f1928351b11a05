"""The lean projection gives the loss and the gradients of the plain one."""

from typing import Any

import pytest

from primum.training.base import find_base, load_base
from primum.training.head import lean_head


@pytest.fixture
def model(tiny: str) -> Any:
    return load_base(find_base(tiny), "float32").model


def batch() -> tuple[Any, Any, Any]:
    import torch

    torch.manual_seed(0)
    ids = torch.randint(3, 200, (3, 12))
    labels = ids.clone()
    labels[:, :4] = -100
    labels[1, 8:] = -100
    seen = torch.ones_like(ids)
    seen[1, 8:] = 0
    return ids, labels, seen


def test_loss_and_gradients_are_those_of_the_whole_projection(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    ids, labels, seen = batch()
    for weight in model.parameters():
        weight.requires_grad_(False)
    layer = model.model.layers[0].mlp.down_proj.weight.requires_grad_(True)
    logits = model(input_ids=ids, attention_mask=seen).logits[:, :-1]
    plain = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels[:, 1:].flatten(), reduction="sum")
    plain.backward()
    wanted, layer.grad = layer.grad, None
    monkeypatch.setattr("primum.training.head._PIECE", 5)
    assert lean_head(model)
    found = model(input_ids=ids, attention_mask=seen, labels=labels, fused_lm_head=True)
    (-found.log_probs.sum()).backward()
    assert -found.log_probs.sum().item() == pytest.approx(plain.item(), rel=1e-5)
    assert torch.allclose(layer.grad, wanted, rtol=1e-3, atol=1e-5)
    assert found.loss.item() == pytest.approx(plain.item() / int((labels[:, 1:] != -100).sum()), rel=1e-5)
    best = logits.argmax(dim=-1) == labels[:, 1:]
    assert torch.equal(found.is_top1, best)


def test_without_being_asked_for_the_model_gives_its_logits_as_before(model: Any) -> None:
    import torch

    ids, _, seen = batch()
    before = model(input_ids=ids, attention_mask=seen).logits
    lean_head(model)
    assert torch.equal(model(input_ids=ids, attention_mask=seen).logits, before)


def test_a_model_that_changes_its_logits_keeps_trls_projection(model: Any) -> None:
    model.config.final_logit_softcapping = 30.0
    forward = model.forward
    assert not lean_head(model)
    assert model.forward == forward


def test_a_batch_with_nothing_to_learn_is_a_loss_of_zero(model: Any) -> None:
    import torch

    ids, labels, seen = batch()
    lean_head(model)
    found = model(input_ids=ids, attention_mask=seen, labels=torch.full_like(labels, -100), fused_lm_head=True)
    assert found.log_probs.sum().item() == 0
