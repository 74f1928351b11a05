"""A gate's answer as JUnit XML for a build server and as Markdown for a pull request; neither repeats an answer."""

import re
from xml.etree import ElementTree

from primum.evaluation.gate import Check, Gate
from primum.report.words import bounds, counts, interval, is_rate, percent
from primum.types import Estimate

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped (section 2.2)."""


def as_junit(gate: Gate) -> str:
    """One testcase for each rule; a rule that does not hold is a failure with its reasons."""
    tests, failures = str(len(gate.checks)), str(len(gate.failed))
    root = ElementTree.Element("testsuites", name="primum gate", tests=tests, failures=failures)
    suite = ElementTree.SubElement(
        root, "testsuite", name=_legal(gate.run), tests=tests, failures=failures, errors="0", skipped="0"
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name in ("model", "dataset", "judge"):
        ElementTree.SubElement(properties, "property", name=name, value=_legal(getattr(gate, name)))
    for check in gate.checks:
        case = ElementTree.SubElement(suite, "testcase", classname="primum.gate", name=_legal(check.rule))
        if not check.holds:
            failure = ElementTree.SubElement(case, "failure", type="gate", message=_legal("; ".join(check.reasons)))
            failure.text = _legal(found(check))
        elif check.estimate is not None:
            ElementTree.SubElement(case, "system-out").text = _legal(found(check))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def as_summary(gate: Gate) -> str:
    """A short page that fits into a pull request."""
    verdict = f"{len(gate.failed)} of {len(gate.checks)} rules do not hold" if gate.failed else "every rule holds"
    lines = [
        f"## Primum gate: {verdict}",
        "",
        f"{_cell(gate.model)} on {_cell(gate.dataset)}, judged by {_cell(gate.judge)}",
        "",
        "| | rule | found | why not |",
        "|---|---|---|---|",
        *(
            f"| {'✅' if check.holds else '❌'} | {_cell(check.rule)} | {found(check)} | {_cell('; '.join(check.reasons))} |"
            for check in gate.checks
        ),
        *(f"\nNote: {_cell(warning)}" for warning in gate.warnings),
    ]
    return "\n".join(lines) + "\n"


def found(check: Check) -> str:
    """The number that a rule was applied to, with interval, counts and what the unscored could change."""
    estimate = check.estimate
    if estimate is None:
        return "–"
    said = f"{_value(estimate)} ({interval(estimate)}; {counts(estimate)})"
    return said + (f", {unscored}" if (unscored := bounds(estimate)) else "")


def _value(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return percent(estimate.value) if is_rate(estimate) else f"{estimate.value:.2f}"


def _legal(text: str) -> str:
    return _NOT_XML.sub("�", text)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
