"""Limits on the size of modules and functions, which no linter of ours counts in lines.

Run: ``python benchmarks/limits.py`` (part of ``make check``). A module has at most 500 lines, a function at most 60.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULE_LINES, FUNCTION_LINES = 500, 60


def too_long(path: Path) -> Iterator[str]:
    """One line for each thing in the file that is over its limit."""
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(ROOT)
    if (lines := text.count("\n")) > MODULE_LINES:
        yield f"{place}: {lines} lines, at most {MODULE_LINES}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            # A command's options are declared in its signature; only the body is counted.
            body = node.end_lineno - node.body[0].lineno + 1
            if min(length, body) > FUNCTION_LINES:
                yield f"{place}:{node.lineno}: {node.name} has {body} lines, at most {FUNCTION_LINES}"


def main() -> int:
    """Print what is too long; 1 if anything is."""
    folders = ("src", "tests", "benchmarks", "examples", "docs")
    found = [line for folder in folders for path in sorted((ROOT / folder).rglob("*.py")) for line in too_long(path)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
