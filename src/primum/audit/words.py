"""An audit for a reader, and for a program."""

from dataclasses import asdict
from typing import Any

from primum.audit.finding import Audit, Finding


def as_markdown(audit: Audit, command: str = "") -> str:
    """A page: the table of findings, how each was found, and where. It never repeats a request.

    Args:
        audit: what was found.
        command: the command line that gives it again, if there is one.
    """
    counts = ", ".join(f"{split} {count:,}" for split, count in audit.splits.items())
    lines = [
        f"# Audit of {audit.dataset}",
        "",
        *((f"```sh\n{command}\n```", "") if command else ()),
        f"Version {audit.version} · rows: {counts} · limits: {audit.limits}"
        + (f" · against: {', '.join(audit.against)}" if audit.against else ""),
        "",
        _verdict(audit),
        "",
        "| finding | value | of | limit | |",
        "|---|---|---|---|---|",
        *(
            f"| {finding.name} | {shown(finding)} | {finding.of:,} | {limit(finding)} | {mark(finding)} |"
            for finding in audit.findings
        ),
        "",
        "## Details",
        "",
        *(line for finding in audit.findings for line in _detailed(finding)),
        "",
        "## How it was looked at",
        "",
        *_methods(audit),
        "",
        *(f"sha256 of {split}: `{digest}`  " for split, digest in audit.sha256.items()),
    ]
    return "\n".join(lines) + "\n"


def as_json(audit: Audit) -> dict[str, Any]:
    """Everything, JSON-ready."""
    data = asdict(audit)
    data["failed"] = [finding.name for finding in audit.failed]
    data["findings"] = [{**asdict(finding), "passed": finding.passed} for finding in audit.findings]
    return data


def shown(finding: Finding) -> str:
    """The value with its unit, and its interval if it is an estimate."""
    if finding.value is None:
        return "–"
    if finding.unit == "rows":
        return f"{finding.value:,.0f}"
    if finding.unit == "share":
        return f"{100 * finding.value:.1f} %"
    interval = f" ({finding.low:.2f} to {finding.high:.2f})" if finding.low is not None else ""
    return f"{finding.value:.2f}{interval}"


def limit(finding: Finding) -> str:
    """The limit in the value's unit."""
    said = []
    for word, value in (("≤", finding.at_most), ("≥", finding.at_least)):
        if value is not None:
            number = {"rows": f"{value:,.0f}", "share": f"{100 * value:g} %"}.get(finding.unit, f"{value:g}")
            said.append(f"{word} {number}")
    return " and ".join(said) or "–"


def mark(finding: Finding) -> str:
    """One word: ok, failed, or nothing where there is no limit."""
    return {True: "ok", False: "**failed**", None: ""}[finding.passed]


def _verdict(audit: Audit) -> str:
    judged = sum(finding.passed is not None for finding in audit.findings)
    if not audit.failed:
        return f"All {judged} limits are kept."
    names = ", ".join(finding.name for finding in audit.failed)
    return f"{len(audit.failed)} of {judged} limits are not kept: {names}."


def _detailed(finding: Finding) -> list[str]:
    where = f"first found at: {'; '.join(finding.places)}" if finding.places and finding.passed is False else ""
    said = "; ".join(part for part in (finding.detail, where) if part)
    return [f"- {finding.name}: {' '.join(said.split())}."] if said else []


def _methods(audit: Audit) -> list[str]:
    methods = {finding.name.split(": ", 1)[-1]: finding.how for finding in audit.findings}
    return [f"- {name}: {how}." for name, how in methods.items()]
