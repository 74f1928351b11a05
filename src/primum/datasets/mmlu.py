"""MMLU (Hendrycks et al. 2021): the six medical subjects.

One row: ``question, subject, choices, answer``; ``train`` means upstream's dev split, five questions a subject, for shots.
"""

from primum.datasets.card import Dataset
from primum.datasets.exams import exam_question, lettered, listed
from primum.datasets.numbers import whole_number
from primum.datasets.origin import DataFile, Origin
from primum.datasets.reader import reader
from primum.datasets.rows import RawRow
from primum.types import ExamQuestion

_NAME = "mmlu-medical"
SUBJECTS = (
    "anatomy", "clinical_knowledge", "college_biology", "college_medicine", "medical_genetics", "professional_medicine",
)  # fmt: skip
_ORIGIN = Origin(
    host="hub",
    repository="cais/mmlu",
    revision="c30699e8356da336a370243923dbaf21066bb9fe",
    files=(
        DataFile(
            path="all/test-00000-of-00001.parquet",
            split="test",
            sha256="74a41822ce7d3def56e1682f958469c04642a5336a5ce912fa375fdb90fb25d7",
            # The six subjects alone, in the lettered layout.
            also=("d1ac8949044ccd412b883b90ba918933531f5eaefb40166673c4989fa1bbf1b9",),
        ),
        DataFile(
            path="all/dev-00000-of-00001.parquet",
            split="train",
            sha256="2b19bde1ed8ca6b482fb283abc90e8e0d9d228947029c0b91795d64b28b3bc3f",
        ),
    ),
)


def from_row(_: DataFile, raw: RawRow) -> ExamQuestion | None:
    """A question of a medical subject, in upstream's layout or the lettered one; none of another subject."""
    subject = raw.text("subject")
    if subject not in SUBJECTS:
        return None
    if "options" in raw.values:
        choices, answer = lettered(raw)
    else:
        choices, answer = listed(raw, "choices"), whole_number(raw, "answer")
    return exam_question(_NAME, raw, choices, answer, subject)


MMLU = Dataset(
    name=_NAME,
    title="MMLU, six medical subjects",
    measures="capability",
    version=_ORIGIN.revision,
    licence="MIT",
    size="1,089 test, 30 train (upstream's dev)",
    columns="question; choices: four; answer: 0 to 3; subject",
    defects="Some questions stand under two subjects or have a wrong key (MMLU-Redux, Gema et al. 2024).",
    splits=("test", "train"),
    read=reader(_ORIGIN, from_row),
    origin=_ORIGIN,
    source="Hendrycks et al. 2021, arXiv 2009.03300",
)
