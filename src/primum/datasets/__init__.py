"""Sets of requests and of exam questions, by name. What exists is listed in ``table.DATASETS``."""

from primum.datasets.card import Dataset, Loaded, LoadOptions, Row
from primum.datasets.croissant import croissant
from primum.datasets.export import LAYOUTS, export, row_record
from primum.datasets.ordinary import load_ordinary
from primum.datasets.origin import DataFile, Origin
from primum.datasets.pairs import load_pairs
from primum.datasets.plain import PLAIN, check_columns, is_place
from primum.datasets.sample import sample_requests
from primum.datasets.table import DATASETS, find_dataset

__all__ = [
    "DATASETS",
    "LAYOUTS",
    "PLAIN",
    "DataFile",
    "Dataset",
    "LoadOptions",
    "Loaded",
    "Origin",
    "Row",
    "check_columns",
    "croissant",
    "export",
    "find_dataset",
    "is_place",
    "load_ordinary",
    "load_pairs",
    "row_record",
    "sample_requests",
]
