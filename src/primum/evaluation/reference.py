"""Reference answers that the model did not write: the nats that each of their tokens costs it.

A small model sits at chance in an exam whatever is done to it; how likely it holds good answers to medical questions still
tells whether training has hurt it. Lower is better.
"""

from collections.abc import Iterable, Sequence

from primum.datasets import Loaded
from primum.errors import UserError
from primum.stats import ratio_estimate
from primum.types import OVERALL, Estimate, Intent, Likelihood, Request

REFERENCE_NLL = "reference_nll"
"""Negative log-likelihood of the reference answers, in nats per token."""


def references_of(loaded: Loaded, dataset: str) -> dict[Request, str]:
    """Every benign request that has a reference answer, with it: what a harmful one should get is no knowledge.

    Raises:
        UserError: there is none.
    """
    found: dict[Request, str] = {}
    for row in loaded.rows:
        if row.request.intent is Intent.BENIGN and row.reference and row.reference.strip():
            found.setdefault(row.request, row.reference.strip())
    if not found:
        raise UserError(
            f"Data set '{dataset}' has no benign request with a reference answer, so there is nothing to weigh. Allowed: "
            "ordinary, pairs, an exam set, or a file with --column reference=COLUMN and --column intent=benign."
        )
    return found


def reference_estimates(requests: Sequence[Request], likelihoods: Iterable[Likelihood]) -> tuple[Estimate, ...]:
    """Nats per token, overall and by category; what did not fit the model's context is unscored."""
    found = {item.request_id: item for item in likelihoods}
    weighed = [request for request in requests if request.id in found]
    names = dict.fromkeys(request.category for request in weighed)
    groups = {OVERALL: weighed, **{name: [item for item in weighed if item.category == name] for name in names}}
    return tuple(_group(name, [found[item.id] for item in members]) for name, members in groups.items() if members)


def _group(name: str, members: Sequence[Likelihood]) -> Estimate:
    scored = [item for item in members if item.logprobs]
    return ratio_estimate(
        REFERENCE_NLL,
        name,
        [-item.logprobs[0] for item in scored],
        [item.tokens[0] for item in scored],
        n_unscored=len(members) - len(scored),
    )


def reference_notes(likelihoods: Iterable[Likelihood]) -> list[str]:
    """What has to be known beside the number."""
    scored = [item for item in likelihoods if item.logprobs]
    tokens = sum(item.tokens[0] for item in scored)
    return [
        f"Nats per token over {tokens:,} tokens of {len(scored):,} reference answers; lower is better. Only models that cut "
        "text into the same tokens can be compared by it."
    ]
