"""MedMCQA (Pal et al. 2022): questions of Indian medical entrance examinations.

One row: ``id, question, opa, opb, opc, opd, cop, choice_type, exp, subject_name, topic_name``; ``cop`` counts from 0 here
(from 1 in the authors' archive). The answers of upstream's test split are not public: ``test`` means its validation split.
"""

from primum.datasets.card import Dataset
from primum.datasets.exams import exam_question, lettered
from primum.datasets.numbers import whole_number
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.rows import RawRow
from primum.types import ExamQuestion

_NAME = "medmcqa"
_ORIGIN = Origin(
    host="hub",
    repository="openlifescienceai/medmcqa",
    revision="91c6572c454088bf71b679ad90aa8dffcd0d5868",
    files=(
        DataFile(
            path="data/validation-00000-of-00001.parquet",
            split="test",
            sha256="b768a1ea34afc9f80d3106d9b21f80fa8a00ec450a1f6cd641af72ca9e591021",
            # The 2,816 single-answer questions in the lettered layout.
            also=("06193ed891b1f4ce1b93b3416f52ec731e8c7134b17a000f9219c031a929d716",),
        ),
        DataFile(path="data/train-00000-of-00001.parquet", split="train"),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> ExamQuestion:
    """A question, in upstream's layout or the lettered one."""
    if "options" in raw.values:
        choices, answer = lettered(raw)
        return exam_question(_NAME, raw, choices, answer, "medicine")
    choices = [raw.text(column) for column in ("opa", "opb", "opc", "opd")]
    return exam_question(_NAME, raw, choices, whole_number(raw, "cop"), raw.text("subject_name"))


MEDMCQA = Dataset(
    name=_NAME,
    title="MedMCQA: Indian medical entrance examinations",
    measures="capability",
    version=_ORIGIN.revision,
    licence="MIT (upstream), Apache-2.0 (this copy)",
    size="4,183 test (upstream's validation), 182,822 train",
    columns="question; opa to opd; cop: 0 to 3; choice_type: single or multi; subject_name, topic_name; exp: explanation",
    defects="choice_type 'multi' asks for one answer all the same; many questions have no context to decide by.",
    splits=("test", "train"),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Pal et al. 2022, arXiv 2203.14371",
)
