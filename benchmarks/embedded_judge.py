"""Responses that the embedded judge scores in a second on one core, for answers of three lengths; fails below the floor.

Run: ``python benchmarks/embedded_judge.py``. Answers are made of the shipped helpful and safe responses: no data is needed.
Time is CPU time of this process, the best of five passes: a busy machine changes little.
"""

import time
from collections.abc import Sequence

from primum.datasets import load_pairs
from primum.judges import find_judge
from primum.types import Finish, Intent, Request, Response

FLOOR = 2_000
"""Responses a second, at the length that small models' answers have (96 tokens)."""
LENGTHS = {"96 tokens, 400 characters": 400, "800 characters": 800, "4,000 characters": 4_000}
COUNT = 1_024
PASSES = 5


def main() -> int:
    """Print the rates; 1 when the first is below the floor."""
    rates = {name: _rate(*_answers(length)) for name, length in LENGTHS.items()}
    for name, rate in rates.items():
        print(f"{name:28s} {rate:8,.0f} responses a CPU second")
    requests, responses = _answers(400)
    print(f"{'400 characters, one by one':28s} {_rate_alone(requests, responses):8,.0f}")
    slowest = next(iter(rates.values()))
    if slowest < FLOOR:
        print(f"Below the floor of {FLOOR:,}.")
    return int(slowest < FLOOR)


def _answers(length: int) -> tuple[list[Request], list[Response]]:
    pairs = load_pairs()
    texts = [text for pair in pairs for text in (pair.helpful_response, pair.safe_response)]
    requests, responses = [], []
    for place in range(COUNT):
        pair = pairs[place % len(pairs)]
        asked = Request(
            text=pair.harmful_request, intent=Intent.HARMFUL, category=pair.principle, dataset="pairs", pair=pair.id
        )
        said = " ".join(texts[(place + step) % len(texts)] for step in range(1 + length // 100))[:length]
        requests.append(asked)
        responses.append(Response(request_id=asked.id, text=said, finish=Finish.STOP))
    return requests, responses


def _rate(requests: Sequence[Request], responses: Sequence[Response]) -> float:
    judge = find_judge("embedded")
    best = float("inf")
    for _ in range(PASSES):
        start = time.process_time()
        judge.scores(requests, responses)
        best = min(best, time.process_time() - start)
    return len(requests) / best


def _rate_alone(requests: Sequence[Request], responses: Sequence[Response]) -> float:
    judge = find_judge("embedded")
    assert judge.score is not None
    start = time.process_time()
    for request, response in zip(requests, responses, strict=True):
        judge.score(request, response)
    return len(requests) / (time.process_time() - start)


if __name__ == "__main__":
    raise SystemExit(main())
