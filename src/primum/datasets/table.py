"""Every data set that a name can mean."""

from primum.datasets.advbench import ADVBENCH
from primum.datasets.card import Dataset
from primum.datasets.cares import CARES
from primum.datasets.do_not_answer import DO_NOT_ANSWER
from primum.datasets.harmbench import HARMBENCH
from primum.datasets.health_orsc import HEALTH_ORSC
from primum.datasets.hexphi import HEXPHI
from primum.datasets.jailbreakbench import JAILBREAKBENCH
from primum.datasets.medmcqa import MEDMCQA
from primum.datasets.medqa import MEDQA
from primum.datasets.medsafetybench import MEDSAFETYBENCH, MEDSAFETYBENCH_LLAMA2, MEDSAFETYBENCH_LLAMA3
from primum.datasets.mmlu import MMLU
from primum.datasets.or_bench import OR_BENCH, OR_BENCH_HARD, OR_BENCH_TOXIC
from primum.datasets.ordinary import ORDINARY
from primum.datasets.pairs import PAIRS
from primum.datasets.patientsafetybench import PATIENTSAFETYBENCH
from primum.datasets.plain import PLAIN
from primum.datasets.pubmedqa import PUBMEDQA
from primum.datasets.simplesafetytests import SIMPLESAFETYTESTS
from primum.datasets.strongreject import STRONGREJECT
from primum.datasets.xstest import XSTEST
from primum.errors import unknown_name

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        PAIRS,
        MEDSAFETYBENCH,
        MEDSAFETYBENCH_LLAMA2,
        MEDSAFETYBENCH_LLAMA3,
        CARES,
        PATIENTSAFETYBENCH,
        HEXPHI,
        HARMBENCH,
        JAILBREAKBENCH,
        STRONGREJECT,
        ADVBENCH,
        SIMPLESAFETYTESTS,
        DO_NOT_ANSWER,
        OR_BENCH_TOXIC,
        ORDINARY,
        XSTEST,
        OR_BENCH,
        OR_BENCH_HARD,
        HEALTH_ORSC,
        MEDQA,
        MEDMCQA,
        PUBMEDQA,
        MMLU,
        PLAIN,
    )
}


def find_dataset(name: str) -> Dataset:
    """The data set with this name.

    Raises:
        UserError: there is none.
    """
    if name not in DATASETS:
        raise unknown_name("data set", name, DATASETS, "See 'primum data list', or name a file such as requests.csv.")
    return DATASETS[name]
