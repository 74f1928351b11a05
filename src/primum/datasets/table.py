"""Every data set that a name can mean."""

from primum.datasets.card import Dataset
from primum.datasets.medsafetybench import MEDSAFETYBENCH
from primum.datasets.pairs import PAIRS
from primum.errors import unknown_name

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (PAIRS, MEDSAFETYBENCH)}


def find_dataset(name: str) -> Dataset:
    """The data set with this name.

    Raises:
        UserError: there is none.
    """
    if name not in DATASETS:
        raise unknown_name("data set", name, DATASETS, "See 'primum datasets list'.")
    return DATASETS[name]
