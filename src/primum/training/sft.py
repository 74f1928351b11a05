"""Supervised fine-tuning: TRL's trainer, with the order, the tokens and the projection of our own."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from primum.training.base import LoadedBase
from primum.training.fit import Make, Setting, arguments, lora_config
from primum.training.head import lean_head
from primum.training.order import row_order


def sft_trainer(encoded: Sequence[dict[str, list[int]]]) -> Make:
    """How to make the trainer for these conversations."""

    def make(base: LoadedBase, setting: Setting, callbacks: list[Any]) -> Any:
        import trl
        from datasets import Dataset

        lengths = [len(row["input_ids"]) for row in encoded]
        order = row_order(lengths, setting.recipe.batch, setting.steps, setting.recipe.seed, by_length=True)
        trainer = _lean_trainer()(
            model=base.model,
            args=trl.SFTConfig(**arguments(setting, max_length=None, dataset_kwargs={"skip_prepare_dataset": True})),
            train_dataset=Dataset.from_list([encoded[row] for row in order]),
            processing_class=base.tokenizer,
            peft_config=lora_config(setting.recipe, base.model),
            callbacks=callbacks,
        )
        lean_head(trainer.model.get_base_model())
        return trainer

    return make


@cache
def _lean_trainer() -> Any:
    import trl

    class LeanSFTTrainer(trl.SFTTrainer):  # type: ignore[misc]
        """TRL's trainer without the metrics that it computes beside the loss at every step."""

        def compute_loss(
            self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            outputs = model(**inputs, use_cache=False, fused_lm_head=True)
            tokens = outputs.label_mask.sum() if num_items_in_batch is None else num_items_in_batch
            loss = -outputs.log_probs.sum() / tokens
            # The tokens are those of all processes, whose gradients will be averaged.
            if self.args.average_tokens_across_devices and num_items_in_batch is not None:
                loss = loss * self.accelerator.num_processes
            return (loss, outputs) if return_outputs else loss

        def create_model_card(self, *_: Any, **__: Any) -> None:
            """Ours is written when the training is done."""

        def _send_telemetry(self) -> None:
            """A training is nobody else's business."""

    return LeanSFTTrainer
