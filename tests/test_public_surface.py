"""What users may rely on: the names of ``primum``, that they cost nothing until used, and that they are what README says."""

import subprocess
import sys

import primum

HEAVY = ("torch", "transformers", "trl", "peft", "inspect_ai", "xllamacpp", "plotly", "numpy", "scipy", "httpx")


def test_the_public_names_are_these() -> None:
    """A change here is a change for users: say it in CHANGELOG.md."""
    assert sorted(primum.__all__) == [
        "Estimate", "Intent", "Judgement", "Outcome", "Pair", "PrimumError", "Request", "Response", "Run", "RunError",
        "Score", "Unscored", "UserError", "__version__", "evaluate", "judge", "load_pairs", "load_standard", "open_run",
        "write_report",
    ]  # fmt: skip


def test_every_public_name_is_there_and_documented() -> None:
    for name in primum.__all__:
        value = getattr(primum, name)
        assert name == "__version__" or value.__doc__, name


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    assert not hasattr(primum, "nothing_of_that_name")


def loaded_by(code: str) -> set[str]:
    """Heavy modules in a fresh process after it ran the code."""
    report = f"import sys; {code}; print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_importing_primum_loads_no_heavy_library() -> None:
    assert loaded_by("import primum") == set()


def test_asking_for_help_loads_no_heavy_library() -> None:
    code = "from typer.testing import CliRunner; from primum.cli.app import app; CliRunner().invoke(app, ['eval', '--help'])"
    assert loaded_by(code) == set()
