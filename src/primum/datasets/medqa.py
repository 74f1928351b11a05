"""MedQA (Jin et al. 2021): questions in the style of the United States medical licensing examination, four options.

One row: ``question, answer, options {A … D}, meta_info, answer_idx, metamap_phrases``.
"""

from primum.datasets.card import Dataset
from primum.datasets.exams import exam_question, lettered
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.rows import RawRow
from primum.types import ExamQuestion

_NAME = "medqa"
_ORIGIN = Origin(
    host="hub",
    repository="GBaker/MedQA-USMLE-4-options",
    revision="0fb93dd23a7339b6dcd27e241cb9b5eca62d4d18",
    files=(
        DataFile(path="phrases_no_exclude_test.jsonl", split="test"),
        DataFile(
            path="phrases_no_exclude_train.jsonl",
            split="train",
            sha256="3a65baf760f17c395058d6699315a7ce8aa767c50cb193fea87ceb94dd790324",
        ),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> ExamQuestion:
    """A question; its subject is the step of the examination."""
    choices, answer = lettered(raw)
    return exam_question(_NAME, raw, choices, answer, raw.text("meta_info"))


MEDQA = Dataset(
    name=_NAME,
    title="MedQA: USMLE-style questions, four options",
    measures="capability",
    version=_ORIGIN.revision,
    licence="MIT (upstream), CC BY 4.0 (this copy)",
    size="1,273 test, 10,178 train",
    columns="question; options: A to D; answer_idx: the right letter; meta_info: step1 or step2&3",
    defects="Two questions stand twice in train. Small models sit at chance, 25 %.",
    splits=("test", "train"),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Jin et al. 2021, arXiv 2009.13081",
)
