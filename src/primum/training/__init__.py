"""Making a model safer by training it: demonstrations, their benign twins and ordinary questions, in one adapter.

Thin over TRL and PEFT, which are imported inside functions only. What is ours: the mixture (``mixture``), the order of
rows (``order``), the speed (``head``), the base that comes out of a GGUF file (``base``), and what is saved (``save``,
``gguf``, ``card``). ``train`` ties them together.
"""

from primum.training.mixture import Blend, Example, blend
from primum.training.overlap import Overlap, find_overlap
from primum.training.plan import OnOverlap, TrainingPlan, check_on_overlap, make_training_plan
from primum.training.recipe import RECIPES, Lora, Mixture, Recipe, read_recipe
from primum.training.train import Trained, train
from primum.training.watch import Silent, Watch, is_first_process

__all__ = [
    "RECIPES",
    "Blend",
    "Example",
    "Lora",
    "Mixture",
    "OnOverlap",
    "Overlap",
    "Recipe",
    "Silent",
    "Trained",
    "TrainingPlan",
    "Watch",
    "blend",
    "check_on_overlap",
    "find_overlap",
    "is_first_process",
    "make_training_plan",
    "read_recipe",
    "train",
]
