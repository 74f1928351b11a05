"""A few hand-written rows for every data set that is fetched, in upstream's layout, with what has to come of them."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from primum.datasets import DataFile
from primum.types import Intent, Split

HARMFUL, BENIGN = Intent.HARMFUL, Intent.BENIGN
RawRows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a row of requests has to become."""

    text: str
    intent: Intent
    category: str
    file: str
    """The path, as upstream has it, that the row stands in."""
    row: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a row of exam questions has to become."""

    text: str
    choices: tuple[str, ...]
    answer: int
    subject: str
    context: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Files with their rows, and what they mean."""

    files: Mapping[str, RawRows | bytes]
    """By path, as upstream has it; bytes stand as they are."""
    needs: tuple[str, ...]
    """Columns that no row can do without, the text first."""
    requests: Mapping[Split, Sequence[Wanted]] = field(default_factory=dict)
    questions: Mapping[Split, Sequence[Answer]] = field(default_factory=dict)


def encoded(file: DataFile, path: str, rows: RawRows | bytes) -> bytes:
    """The file as upstream has it."""
    if isinstance(rows, bytes):
        return rows
    if path.endswith(".csv"):
        return _csv(rows, with_header=file.header is None)
    return _ENCODERS["." + path.rsplit(".", 1)[-1]](rows)


def _csv(rows: RawRows, *, with_header: bool) -> bytes:
    sink = io.StringIO()
    writer = csv.DictWriter(sink, fieldnames=list(rows[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    if with_header:
        writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue().encode()


def _jsonl(rows: RawRows) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _json(rows: RawRows) -> bytes:
    """An object by key: the only layout of this kind is PubMedQA's."""
    return json.dumps(
        {row["key"]: {name: said for name, said in row.items() if name != "key"} for row in rows}
    ).encode()


def _txt(rows: RawRows) -> bytes:
    return "".join(f"{row['text']}\n" for row in rows).encode()


def _parquet(rows: RawRows) -> bytes:
    import pyarrow
    from pyarrow import parquet

    sink = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist([dict(row) for row in rows]), sink)
    return sink.getvalue()


_ENCODERS: dict[str, Callable[[RawRows], bytes]] = {
    ".jsonl": _jsonl, ".json": _json, ".txt": _txt, ".parquet": _parquet,
}  # fmt: skip


def _one(path: str, *rows: tuple[str, Intent, str]) -> dict[Split, list[Wanted]]:
    """Every row of one file, in order, as split ``test``."""
    return {"test": _numbered(path, *rows)}


def _numbered(path: str, *rows: tuple[str, Intent, str]) -> list[Wanted]:
    return [
        Wanted(text=text, intent=intent, category=category, file=path, row=number)
        for number, (text, intent, category) in enumerate(rows, start=1)
    ]


_PRINCIPLES = (
    "dignity", "honesty", "law", "confidentiality", "knowledge", "choice", "public-health", "patient-first", "access",
)  # fmt: skip
_HEXPHI = {
    1: "illegal-activity", 3: "hate-harass-violence", 4: "malware", 5: "physical-harm", 6: "economic-harm",
    7: "fraud-deception", 8: "adult-content", 9: "political-campaigning", 10: "privacy-violation",
    11: "tailored-financial-advice",
}  # fmt: skip


def _medsafetybench(half: str) -> Sample:
    splits: tuple[Split, ...] = ("test", "train")
    paths = {
        (split, number): f"datasets/{split}/{half}/med_safety_demonstrations_category_{number}.csv"
        for split in splits
        for number in range(1, 10)
    }
    return Sample(
        files={
            path: [
                {
                    "": row,
                    "harmful_medical_request": f"request {row}, {split} {number}",
                    "safe_response": f"answer {row}",
                }
                for row in range(2)
            ]
            for (split, number), path in paths.items()
        },
        needs=("harmful_medical_request",),
        requests={
            split: [
                wanted
                for number, principle in enumerate(_PRINCIPLES, start=1)
                for wanted in _numbered(
                    paths[split, number],
                    *((f"request {row}, {split} {number}", HARMFUL, principle) for row in range(2)),
                )
            ]
            for split in splits
        },
    )


def _or_bench(path: str, intent: Intent) -> Sample:
    return Sample(
        files={
            path: [
                {"prompt": "request 1", "category": "self-harm"},
                {"prompt": "request 2, second part", "category": "privacy"},
                {"prompt": "request 2, second part", "category": "hate"},
            ]
        },
        needs=("prompt", "category"),
        requests=_one(
            path,
            ("request 1", intent, "self-harm"),
            ("request 2, second part", intent, "privacy"),
            ("request 2, second part", intent, "hate"),
        ),
    )


def _cares_row(text: str, level: int, principle: int) -> dict[str, Any]:
    return {
        "principle_index": principle, "generation_model": "model", "harmful_level": level, "method": "direct",
        "base_prompt": "base", "prompt": text,
    }  # fmt: skip


def _harmbench_row(number: int, kind: str, category: str, context: str = "") -> dict[str, Any]:
    return {
        "Behavior": f"request {number}", "FunctionalCategory": kind, "SemanticCategory": category, "Tags": "",
        "ContextString": context, "BehaviorID": f"id_{number}",
    }  # fmt: skip


def _jailbreakbench_row(number: int, text: str, category: str) -> dict[str, Any]:
    return {
        "Index": number, "Goal": text, "Target": "Sure", "Behavior": f"name {number}", "Category": category,
        "Source": "Original",
    }  # fmt: skip


def _medqa_row(text: str, letter: str, step: str) -> dict[str, Any]:
    options = {"A": "one", "B": "two", "C": "three", "D": "four"}
    return {
        "question": text, "answer": options[letter], "options": options, "meta_info": step, "answer_idx": letter,
        "metamap_phrases": ["phrase"],
    }  # fmt: skip


def _medmcqa_row(text: str, cop: int, subject: str) -> dict[str, Any]:
    return {
        "id": f"id of {text}", "question": text, "opa": "one", "opb": "two", "opc": "three", "opd": "four", "cop": cop,
        "choice_type": "single", "exp": "because", "subject_name": subject, "topic_name": None,
    }  # fmt: skip


def _mmlu_row(text: str, subject: str, answer: int) -> dict[str, Any]:
    return {"question": text, "subject": subject, "choices": list(_FOUR), "answer": answer}


def _pubmedqa_row(key: str, decision: str) -> dict[str, Any]:
    return {
        "key": key, "QUESTION": f"question {key}?", "CONTEXTS": [f"aim {key}", "result"], "LABELS": ["AIM", "RESULT"],
        "LONG_ANSWER": "a conclusion", "final_decision": decision,
    }  # fmt: skip


_FOUR = ("one", "two", "three", "four")
_DECISIONS = ("yes", "no", "maybe")
_XSTEST = "xstest_prompts.csv"
_HARMBENCH = "data/behavior_datasets/harmbench_behaviors_text_all.csv"
_ADVBENCH = "data/advbench/harmful_behaviors.csv"
_STRONGREJECT = "strongreject_dataset/strongreject_dataset.csv"
_CARES_TEST, _CARES_TRAIN = (f"data/{split}-00000-of-00001-0123abcd.parquet" for split in ("test", "train"))
_JBB_HARMFUL, _JBB_BENIGN = (f"data/{intent}-behaviors.csv" for intent in ("harmful", "benign"))
_HEALTH_ORSC = "data/difficulty/health-orsc-hard-1k.jsonl"

SAMPLES: dict[str, Sample] = {
    "medsafetybench": _medsafetybench("gpt4"),
    "medsafetybench-llama2": _medsafetybench("llama2"),
    "medsafetybench-llama3": Sample(
        files={
            f"datasets/med_harm_llama3/category_{number}.txt": [
                {"text": f"request 1, {number}"},
                {"text": f'request "2", {number}'},
            ]
            for number in range(1, 10)
        },
        needs=("text",),
        requests={
            "train": [
                wanted
                for number, principle in enumerate(_PRINCIPLES, start=1)
                for wanted in _numbered(
                    f"datasets/med_harm_llama3/category_{number}.txt",
                    (f"request 1, {number}", HARMFUL, principle),
                    (f'request "2", {number}', HARMFUL, principle),
                )
            ]
        },
    ),
    "cares": Sample(
        files={
            _CARES_TEST: [
                _cares_row("request 1", 0, 0), _cares_row("request 2", 1, 0), _cares_row("request 3", 2, 3),
                _cares_row("request 4", 3, 7), _cares_row("request 4", 3, 6),
            ],
            _CARES_TRAIN: [_cares_row("request 5", 3, 7)],
        },
        needs=("prompt", "harmful_level", "principle_index"),
        requests={
            "test": _numbered(
                _CARES_TEST,
                ("request 1", BENIGN, "principle-0"),
                ("request 2", HARMFUL, "principle-0"),
                ("request 3", HARMFUL, "principle-3"),
                ("request 4", HARMFUL, "principle-7"),
                ("request 4", HARMFUL, "principle-6"),
            ),
            "train": _numbered(_CARES_TRAIN, ("request 5", HARMFUL, "principle-7")),
        },
    ),
    "patientsafetybench": Sample(
        files={"questions.jsonl": [{"content": f"request {number}", "category": number} for number in range(1, 6)]},
        needs=("content", "category"),
        requests=_one(
            "questions.jsonl",
            ("request 1", HARMFUL, "harmful-medical-advice"),
            ("request 2", HARMFUL, "misdiagnosis-overconfidence"),
            ("request 3", HARMFUL, "unlicensed-practice"),
            ("request 4", HARMFUL, "health-misinformation"),
            ("request 5", HARMFUL, "bias-discrimination"),
        ),
    ),
    "hex-phi": Sample(
        files={
            f"category_{number}.csv": [{"text": f"request 1, {number}"}, {"text": f"request 2, {number}"}]
            for number in _HEXPHI
        },
        needs=("text",),
        requests={
            "test": [
                wanted
                for number, category in _HEXPHI.items()
                for wanted in _numbered(
                    f"category_{number}.csv",
                    (f"request 1, {number}", HARMFUL, category),
                    (f"request 2, {number}", HARMFUL, category),
                )
            ]
        },
    ),
    "harmbench": Sample(
        files={
            _HARMBENCH: [
                _harmbench_row(1, "standard", "misinformation_disinformation"),
                _harmbench_row(2, "contextual", "illegal", "a context"),
                _harmbench_row(3, "contextual", "illegal", "another context"),
            ]
        },
        needs=("Behavior", "FunctionalCategory", "SemanticCategory", "ContextString"),
        requests=_one(
            _HARMBENCH,
            ("request 1", HARMFUL, "misinformation-disinformation"),
            ("a context\n\n---\n\nrequest 2", HARMFUL, "illegal"),
            ("another context\n\n---\n\nrequest 3", HARMFUL, "illegal"),
        ),
    ),
    "jailbreakbench": Sample(
        files={
            _JBB_HARMFUL: [
                _jailbreakbench_row(0, "request 1", "Harassment/Discrimination"),
                _jailbreakbench_row(1, "request 2", "Expert advice"),
            ],
            _JBB_BENIGN: [
                _jailbreakbench_row(0, "request 1", "Harassment/Discrimination"),
                _jailbreakbench_row(1, "request 3", "Expert advice"),
            ],
        },
        needs=("Goal", "Category"),
        requests={
            "test": [
                *_numbered(
                    _JBB_HARMFUL,
                    ("request 1", HARMFUL, "harassment-discrimination"),
                    ("request 2", HARMFUL, "expert-advice"),
                ),
                *_numbered(
                    _JBB_BENIGN,
                    ("request 1", BENIGN, "harassment-discrimination"),
                    ("request 3", BENIGN, "expert-advice"),
                ),
            ]
        },
    ),
    "strongreject": Sample(
        files={
            _STRONGREJECT: [
                {"category": "Illegal goods and services", "source": "custom", "forbidden_prompt": "request 1"},
                {"category": "Hate, harassment", "source": "custom", "forbidden_prompt": 'request "2",\nsecond line'},
            ]
        },
        needs=("forbidden_prompt", "category"),
        requests=_one(
            _STRONGREJECT,
            ("request 1", HARMFUL, "illegal-goods-and-services"),
            ('request "2",\nsecond line', HARMFUL, "hate-harassment"),
        ),
    ),
    "advbench": Sample(
        files={_ADVBENCH: [{"goal": f"request {number}", "target": "Sure, here is"} for number in (1, 2)]},
        needs=("goal",),
        requests=_one(
            _ADVBENCH, ("request 1", HARMFUL, "uncategorised"), ("request 2", HARMFUL, "uncategorised")
        ),
    ),
    "simplesafetytests": Sample(
        files={
            "sst_test_cases.csv": [
                {"id": "a_1", "harm_area": "Scams and Fraud", "category": "Instructions", "prompt": "request 1"},
                {"id": "a_2", "harm_area": "Physical Harm", "category": "Information", "prompt": "request 2"},
            ]
        },
        needs=("prompt", "harm_area"),
        requests=_one(
            "sst_test_cases.csv", ("request 1", HARMFUL, "scams-and-fraud"), ("request 2", HARMFUL, "physical-harm")
        ),
    ),
    "do-not-answer": Sample(
        files={
            "data_en.csv": [
                {
                    "id": number, "risk_area": "An area", "types_of_harm": harm, "specific_harms": "A harm",
                    "question": f"request {number}", "GPT4_response": "an answer", "GPT4_harmful": 0, "GPT4_action": 1,
                }
                for number, harm in enumerate(["Toxic Language (Hate Speech)", "Mental Health"], start=1)
            ]
        },
        needs=("question", "types_of_harm"),
        requests=_one(
            "data_en.csv",
            ("request 1", HARMFUL, "toxic-language-hate-speech"),
            ("request 2", HARMFUL, "mental-health"),
        ),
    ),
    "or-bench": _or_bench("or-bench-80k.csv", BENIGN),
    "or-bench-hard": _or_bench("or-bench-hard-1k.csv", BENIGN),
    "or-bench-toxic": _or_bench("or-bench-toxic.csv", HARMFUL),
    "xstest": Sample(
        files={
            _XSTEST: [
                {"id": 1, "prompt": "request 1", "type": "homonyms", "label": "safe", "focus": "a", "note": ""},
                {"id": 2, "prompt": "request 2", "type": "contrast_homonyms", "label": "unsafe", "focus": "a", "note": ""},
            ]
        },
        needs=("prompt", "type", "label"),
        requests=_one(_XSTEST, ("request 1", BENIGN, "homonyms"), ("request 2", HARMFUL, "homonyms")),
    ),
    "health-orsc": Sample(
        files={
            _HEALTH_ORSC: [
                {
                    "id": number, "question": f"request {number}", "original_question": f"seed {number}",
                    "classification": "Mental Abuse", "refuse_rate": 0.5,
                }
                for number in (1, 2)
            ]
        },
        needs=("question", "classification"),
        requests=_one(_HEALTH_ORSC, ("request 1", BENIGN, "mental-abuse"), ("request 2", BENIGN, "mental-abuse")),
    ),
    "medqa": Sample(
        files={
            "phrases_no_exclude_test.jsonl": [
                _medqa_row("question 1?", "A", "step1"), _medqa_row("question 2?", "D", "step2&3"),
            ],
            "phrases_no_exclude_train.jsonl": [_medqa_row("question 3?", "C", "step1")],
        },
        needs=("question", "options", "answer_idx", "meta_info"),
        questions={
            "test": [
                Answer(text="question 1?", choices=_FOUR, answer=0, subject="step1"),
                Answer(text="question 2?", choices=_FOUR, answer=3, subject="step2&3"),
            ],
            "train": [Answer(text="question 3?", choices=_FOUR, answer=2, subject="step1")],
        },
    ),
    "medmcqa": Sample(
        files={
            "data/validation-00000-of-00001.parquet": [
                _medmcqa_row("question 1", 0, "Anatomy"), _medmcqa_row("question 1", 3, "Anatomy"),
                _medmcqa_row("question 1", 3, "Surgery"),
            ],
            "data/train-00000-of-00001.parquet": [_medmcqa_row("question 2", 1, "Dental")],
        },
        needs=("question", "opa", "opb", "opc", "opd", "cop", "subject_name"),
        questions={
            "test": [
                Answer(text="question 1", choices=_FOUR, answer=0, subject="Anatomy"),
                Answer(text="question 1", choices=_FOUR, answer=3, subject="Anatomy"),
                Answer(text="question 1", choices=_FOUR, answer=3, subject="Surgery"),
            ],
            "train": [Answer(text="question 2", choices=_FOUR, answer=1, subject="Dental")],
        },
    ),
    "pubmedqa": Sample(
        files={
            "data/ori_pqal.json": [
                _pubmedqa_row("101", "yes"), _pubmedqa_row("102", "no"), _pubmedqa_row("103", "maybe"),
                _pubmedqa_row("104", "no"),
            ],
            "data/test_ground_truth.json": json.dumps({"101": "yes", "103": "maybe"}).encode(),
        },
        needs=("QUESTION", "CONTEXTS", "final_decision"),
        questions={
            "test": [
                Answer(text="question 101?", choices=_DECISIONS, answer=0, subject="research", context="aim 101\nresult"),
                Answer(text="question 103?", choices=_DECISIONS, answer=2, subject="research", context="aim 103\nresult"),
            ],
            "train": [
                Answer(text="question 102?", choices=_DECISIONS, answer=1, subject="research", context="aim 102\nresult"),
                Answer(text="question 104?", choices=_DECISIONS, answer=1, subject="research", context="aim 104\nresult"),
            ],
        },
    ),
    "mmlu-medical": Sample(
        files={
            "all/test-00000-of-00001.parquet": [
                _mmlu_row("question 1?", "anatomy", 0), _mmlu_row("question 2?", "professional_medicine", 3),
                _mmlu_row("question 2?", "college_medicine", 3),
            ],
            "all/dev-00000-of-00001.parquet": [_mmlu_row("question 3?", "medical_genetics", 2)],
        },
        needs=("question", "subject", "choices", "answer"),
        questions={
            "test": [
                Answer(text="question 1?", choices=_FOUR, answer=0, subject="anatomy"),
                Answer(text="question 2?", choices=_FOUR, answer=3, subject="professional_medicine"),
                Answer(text="question 2?", choices=_FOUR, answer=3, subject="college_medicine"),
            ],
            "train": [Answer(text="question 3?", choices=_FOUR, answer=2, subject="medical_genetics")],
        },
    ),
}  # fmt: skip
