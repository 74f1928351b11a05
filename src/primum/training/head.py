"""A vocabulary projection that is computed for learnt tokens only.

The projection onto a vocabulary of tens of thousands costs more than the rest of a small model. On a CPU, TRL computes it
for every position, padding and prompt included, and an entropy beside it; this one computes it where there is something to
learn, in pieces, without ever holding the logits of a batch. The loss is the same.
"""

from functools import cache
from types import MethodType
from typing import Any

_PIECE = 1_024
"""Tokens projected at once: 200 MB of logits at a vocabulary of 49,152 in float32."""
_SCALED = ("final_logit_softcapping", "logit_scale", "logits_scaling", "output_multiplier", "lm_head_multiplier")
"""Settings of models that change their logits; TRL's own projection knows them all."""


def lean_head(model: Any) -> bool:
    """Give a causal language model the lean projection where it fits and pays; tells whether it did.

    Call it when TRL's trainer has been made: it takes the place of the one that the trainer has put there. On a GPU, TRL's
    own is as lean.
    """
    config = model.config.get_text_config()
    head = model.get_output_embeddings()
    if model.device.type != "cpu" or head.bias is not None or any(getattr(config, name, None) for name in _SCALED):
        return False
    trls = model.forward
    model.forward = MethodType(_forward_of(trls), model)
    return True


def _forward_of(trls: Any) -> Any:
    from trl.trainer.utils import FusedCausalLMOutput

    def forward(
        self: Any,
        *args: Any,
        fused_lm_head: bool = False,
        labels: Any = None,
        num_items_in_batch: Any = None,
        **rest: Any,
    ) -> Any:
        if not fused_lm_head:
            return trls(*args, labels=labels, num_items_in_batch=num_items_in_batch, **rest)
        rest["use_cache"] = False
        hidden = self.base_model(*args, **rest).last_hidden_state[:, :-1]
        following = labels[:, 1:]
        learnt = following != -100
        scores, best = _log_probabilities().apply(
            hidden[learnt], self.get_output_embeddings().weight, following[learnt]
        )
        log_probs = scores.new_zeros(learnt.shape).masked_scatter(learnt, scores)
        nothing = log_probs.new_zeros(learnt.shape)
        return FusedCausalLMOutput(
            loss=-scores.sum() / (learnt.sum() if num_items_in_batch is None else num_items_in_batch),
            log_probs=log_probs,
            label_mask=learnt,
            is_top1=learnt.new_zeros(learnt.shape).masked_scatter(learnt, best),
            entropy=nothing,
            mean_logits=nothing,
        )

    return forward


@cache
def _log_probabilities() -> Any:
    import torch

    class LogProbabilities(torch.autograd.Function):  # type: ignore[misc]
        """log p(label) of each token, with its gradient made on the way: the projection's own weights do not learn."""

        @staticmethod
        def forward(ctx: Any, hidden: Any, weight: Any, labels: Any) -> Any:
            wants = hidden.requires_grad
            weight = weight.to(hidden.dtype)
            scores, best, gradients = [], [], []
            for rows, wanted in zip(hidden.split(_PIECE), labels.split(_PIECE), strict=True):
                logits = (rows @ weight.T).float()
                best.append(logits.argmax(dim=-1) == wanted)
                logs = logits.log_softmax(dim=-1)
                scores.append(logs.gather(1, wanted.unsqueeze(1)).squeeze(1))
                if wants:
                    # d log p(y) / d hidden = weight[y] - sum over v of p(v) weight[v]
                    gradients.append(weight[wanted] - logs.exp_().to(weight.dtype) @ weight)
            ctx.save_for_backward(*([torch.cat(gradients)] if gradients else []))
            found = torch.cat(best) if best else labels.bool()
            ctx.mark_non_differentiable(found)
            return (torch.cat(scores) if scores else hidden.float().sum(dim=-1)), found

        @staticmethod
        def backward(ctx: Any, outward: Any, _: Any) -> Any:
            (gradient,) = ctx.saved_tensors
            return (outward.unsqueeze(1) * gradient).to(gradient.dtype), None, None

    return LogProbabilities
