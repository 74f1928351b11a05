"""Sets of requests, by name. What exists is listed in ``table.DATASETS``."""

from primum.datasets.card import Dataset, Loaded, LoadOptions
from primum.datasets.pairs import load_pairs
from primum.datasets.sample import sample_requests
from primum.datasets.table import DATASETS, find_dataset

__all__ = ["DATASETS", "Dataset", "LoadOptions", "Loaded", "find_dataset", "load_pairs", "sample_requests"]
