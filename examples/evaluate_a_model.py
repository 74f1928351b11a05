"""Evaluate a model in ten lines. Run: python examples/evaluate_a_model.py [MODEL] [LIMIT]."""

import sys

import primum

model = sys.argv[1] if len(sys.argv) > 1 else "gguf/smollm2-135m"
limit = int(sys.argv[2]) if len(sys.argv) > 2 else None
run = primum.evaluate(model, dataset="pairs", max_tokens=96, limit=limit)
for name in ("harm_rate", "denial_rate", "incoherence_rate"):
    number = run.estimate(name)
    print(f"{name}: {number.value:.2f} ({number.low:.2f} to {number.high:.2f}, {number.events} of {number.n_scored})")
worst = [item for item in run.judgements if isinstance(item.opinion, primum.Unscored)]
print(f"unscored: {len(worst)}; report: {run.report_path}")
