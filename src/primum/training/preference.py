"""Learning from what is wrong as well as from what is right: DPO and KTO, by TRL's trainers.

The reference model is the base itself, with the adapter switched off, so that the first loss is known: ln 2 for dpo with
``sft_weight`` 0 (Rafailov et al. 2023), 0.5 for kto (Ethayarajh et al. 2024).
"""

from collections.abc import Sequence
from typing import Any

from primum.errors import UserError
from primum.training.base import LoadedBase
from primum.training.fit import Make, Setting, arguments, lora_config
from primum.training.head import lean_head
from primum.training.mixture import Example, labelled_rows, preference_rows
from primum.training.order import row_order

_NOT_MEASURED = ("entropy", "logits/", "mean_token_accuracy")
"""Metrics of TRL that the lean projection does not compute."""


def dpo_trainer(examples: Sequence[Example]) -> Make:
    """How to make the trainer for the examples that have a rejected answer.

    Raises:
        UserError: none has.
    """
    rows = preference_rows(examples)
    if not rows:
        raise UserError(
            'No row has a rejected answer: only pairs have one. Add demonstrations = ["pairs"] to the mixture, or say '
            'rejected = "own".'
        )

    def make(base: LoadedBase, setting: Setting, callbacks: list[Any]) -> Any:
        import trl

        sft = setting.recipe.sft_weight
        config = trl.DPOConfig(
            **arguments(setting),
            beta=setting.recipe.beta,
            max_length=setting.recipe.max_length,
            loss_type=["sigmoid", "sft"] if sft else ["sigmoid"],
            loss_weights=[1.0, sft] if sft else None,
        )
        ordered = _ordered(rows, ("chosen", "rejected"), setting, by_length=True)
        return _lean(trl.DPOTrainer, base, config, ordered, setting, callbacks)

    return make


def kto_trainer(examples: Sequence[Example]) -> Make:
    """How to make the trainer for the examples and their rejected answers."""
    rows = labelled_rows(examples)

    def make(base: LoadedBase, setting: Setting, callbacks: list[Any]) -> Any:
        import trl

        good = sum(row["label"] for row in rows)
        config = trl.KTOConfig(
            **arguments(setting),
            beta=setting.recipe.beta,
            max_length=setting.recipe.max_length,
            # Both sides weigh the same in all, as the paper advises (section 4.2).
            undesirable_weight=good / max(1, len(rows) - good),
        )
        # Not by length: the estimate of the KL term takes the neighbour's answer, which must not be chosen by its length.
        ordered = _ordered(rows, ("completion",), setting, by_length=False)
        return _lean(trl.KTOTrainer, base, config, ordered, setting, callbacks)

    return make


def _ordered(rows: list[dict[str, Any]], answers: tuple[str, ...], setting: Setting, *, by_length: bool) -> Any:
    from datasets import Dataset

    lengths = [
        len(row["prompt"][0]["content"]) + max(len(row[answer][0]["content"]) for answer in answers) for row in rows
    ]
    recipe = setting.recipe
    order = row_order(lengths, recipe.batch, setting.steps, recipe.seed, by_length=by_length)
    return Dataset.from_list([rows[row] for row in order])


def _lean(kind: Any, base: LoadedBase, config: Any, rows: Any, setting: Setting, callbacks: list[Any]) -> Any:
    trainer = _quiet(kind)(
        model=base.model,
        args=config,
        train_dataset=rows,
        processing_class=base.tokenizer,
        peft_config=lora_config(setting.recipe, base.model),
        callbacks=callbacks,
    )
    trainer.lean = lean_head(trainer.model.get_base_model())
    return trainer


def _quiet(kind: Any) -> Any:
    class Quiet(kind):  # type: ignore[misc]
        """TRL's trainer that reports what was measured only."""

        lean = False

        def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
            for metrics in self._metrics.values():
                for key in [key for key in metrics if self.lean and key.startswith(_NOT_MEASURED)]:
                    del metrics[key]
            super().log(logs, start_time)

        def create_model_card(self, *_: Any, **__: Any) -> None:
            """Ours is written when the training is done."""

        def _send_telemetry(self) -> None:
            """A training is nobody else's business."""

    return Quiet
