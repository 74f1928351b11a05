"""PubMedQA (Jin et al. 2019): research questions answered yes, no or maybe by the abstract that they stand over.

``ori_pqal.json`` is an object by PubMed id: ``QUESTION, CONTEXTS, final_decision, LONG_ANSWER …``. The official test ids are
the keys of ``test_ground_truth.json``; the other 500 are ``train``.
"""

import json

from primum.datasets.card import Dataset, Loaded, LoadOptions
from primum.datasets.exams import listed
from primum.datasets.origin import DataFile, Origin, content_digest
from primum.datasets.rows import RawRow, read_rows
from primum.errors import UserError
from primum.types import ExamQuestion

_NAME = "pubmedqa"
_CHOICES = ("yes", "no", "maybe")
_QUESTIONS = DataFile(
    path="data/ori_pqal.json",
    sha256="8b3276be8942ebbd77f3ddcda12c1749bf0e490045a736fd8438ee40cf37a41d",
    size=2_584_787,
    revision="1f00b98d5cc626844bf8c4ca513b6e62c40071ec",
)
_TEST_IDS = DataFile(
    path="data/test_ground_truth.json",
    sha256="939fe566f09017d13b1ca64d2ddfee0bc2374b366048152997669cccedc44d51",
    size=11_414,
    revision="3e7616d288b52edaf38f5fd5c59821c7806bde86",
)
_ORIGIN = Origin(
    host="github",
    repository="pubmedqa/pubmedqa",
    revision="1f00b98d5cc626844bf8c4ca513b6e62c40071ec",
    files=(_QUESTIONS, _TEST_IDS),
)


def _load(options: LoadOptions) -> Loaded:
    if options.folder is not None and options.folder.is_file():
        raise UserError(f"PubMedQA is two files, but --data-dir names the file {options.folder}. Name their folder.")
    paths = [_ORIGIN.obtain(file, options.folder, options.progress) for file in (_QUESTIONS, _TEST_IDS)]
    test_ids = set(json.loads(paths[1].read_text(encoding="utf-8")))
    wanted = options.split == "test"
    questions = tuple(from_row(raw) for raw in read_rows(paths[0]) if (raw.text("key") in test_ids) is wanted)
    return Loaded(questions=questions, sha256=content_digest(paths))


def from_row(raw: RawRow) -> ExamQuestion:
    """A question over its abstract (without the conclusion, which would give the answer away).

    Raises:
        UserError: a decision that is none of the three.
    """
    decision = raw.text("final_decision").lower()
    if decision not in _CHOICES:
        raise UserError(f"{raw.path}, row {raw.number}: decision '{decision}'. Allowed: {', '.join(_CHOICES)}.")
    return ExamQuestion(
        text=raw.text("QUESTION"),
        choices=_CHOICES,
        answer=_CHOICES.index(decision),
        subject="research",
        dataset=_NAME,
        context="\n".join(listed(raw, "CONTEXTS")),
    )


PUBMEDQA = Dataset(
    name=_NAME,
    title="PubMedQA, labelled by experts",
    measures="capability",
    version=_ORIGIN.revision,
    licence="MIT",
    size="500 test (the official ids), 500 train",
    columns="QUESTION; CONTEXTS: the abstract without its conclusion; final_decision: yes, no or maybe; LONG_ANSWER",
    defects="Always saying yes is right for 55 %; some harnesses test on all 1,000.",
    splits=("test", "train"),
    read=_load,
    origin=_ORIGIN,
    source="Jin et al. 2019, arXiv 1909.06146",
)
