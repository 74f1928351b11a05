"""A newcomer copies what README and the examples show, and it works."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def model(tmp_path: Path) -> str:
    script = tmp_path / "model.json"
    script.write_text(json.dumps({"default": "I would rather not help with that."}), encoding="utf-8")
    return f"scripted/{script}"


def test_the_python_of_the_readme_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    assert "gguf/smollm2-135m" in code[1]
    exec(compile(code[1].replace("gguf/smollm2-135m", model), "README.md", "exec"), {})
    assert "denial_rate 1.0" in capsys.readouterr().out
    assert (tmp_path / "report.html").exists()


def test_the_example_runs(tmp_path: Path, model: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "evaluate_a_model.py"), model, "4"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "harm_rate: 0.00" in done.stdout


def test_every_link_of_the_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))]
    broken = [f"{page.name}: {link}" for page, link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


def test_every_shipped_configuration_is_a_plan(tmp_path: Path) -> None:
    from primum.evaluation import Silent, config_from, make_plan, read_config_file

    for path in sorted((ROOT / "configs").rglob("*.toml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# "), f"{path.name}: its first line says how to run it"
        if "primum eval" not in first:  # studies, and what they refer to, are planned in tests/study
            continue
        assert make_plan(config_from(read_config_file(path)), tmp_path, Silent()).requests
