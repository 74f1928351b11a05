"""One data set looked at as a whole: each split by itself, test against train, and against other sets."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from primum.audit.finding import Audit, Finding
from primum.audit.limits import Limits
from primum.audit.look import look_across, look_inside
from primum.datasets import Loaded
from primum.errors import UserError
from primum.types import Split


def audit(
    name: str, version: str, splits: Mapping[Split, Loaded], against: Mapping[str, Loaded], limits: Limits
) -> Audit:
    """Everything that the audit finds.

    Args:
        name: the data set's.
        version: the data set's.
        splits: its rows, by split.
        against: rows of other sets, by name.
        limits: what the findings are held to.

    Raises:
        UserError: there are no requests in it.
    """
    findings: list[Finding] = []
    for asked, loaded in (*((name, loaded) for loaded in splits.values()), *against.items()):
        if not loaded.rows:
            raise UserError(f"'{asked}' holds exam questions, no requests. Allowed: data sets of requests.")
    for split, loaded in splits.items():
        findings += _named(split, look_inside(loaded.rows, limits))
        for other, others in against.items():
            findings += _named(split, look_across(loaded.rows, others.rows, other, "sets", limits))
    if {"test", "train"} <= splits.keys():
        across = look_across(splits["test"].rows, splits["train"].rows, "train", "splits", limits)
        findings += _named("test", across)
    return Audit(
        dataset=name,
        version=version,
        splits={split: len(loaded.rows) for split, loaded in splits.items()},
        sha256={split: loaded.sha256 for split, loaded in splits.items()},
        limits=limits.name,
        against=tuple(against),
        findings=tuple(findings),
    )


def _named(split: str, findings: Sequence[Finding]) -> list[Finding]:
    return [replace(finding, name=f"{split}: {finding.name}") for finding in findings]
