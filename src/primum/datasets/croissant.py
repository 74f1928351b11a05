"""A data set described in Croissant, the metadata format of MLCommons (https://docs.mlcommons.org/croissant/)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from primum.datasets.card import Dataset

CONTEXT_FILE = "croissant.json"

_LICENCES = {"CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/", "MIT": "https://opensource.org/license/mit"}

_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty", "samplingRate": "cr:samplingRate",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip
"""The context that version 1.0 of the format prescribes."""


def croissant(dataset: Dataset, files: Mapping[str, bytes], example: Mapping[str, Any]) -> dict[str, Any]:
    """The description, JSON-LD.

    Args:
        dataset: its card.
        files: JSON Lines files by their path beside the description, one for each split.
        example: a record, for names and types of the fields.
    """
    # Both "data/test.jsonl" and "pairs-test.jsonl" are split "test".
    names = {path: path.rsplit("/", 1)[-1].removesuffix(".jsonl").rsplit("-", 1)[-1] for path in files}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": f"primum-{dataset.name}",
        "description": f"{dataset.title}. {dataset.size}. Measures {dataset.measures}. Limits: {dataset.defects}",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": next(
            (url for words, url in _LICENCES.items() if dataset.licence.startswith(words)), dataset.licence
        ),
        "version": dataset.version if dataset.version[:1].isdigit() and "." in dataset.version else "1.0.0",
        **({"datePublished": dataset.published} if dataset.published else {}),
        "citeAs": f"{dataset.title}, version {dataset.version}. {dataset.source}",
        "inLanguage": "en",
        "keywords": ["medicine", "safety", "language models", dataset.measures],
        "rai:dataUseCases": "Research, and testing of language models. Harmful requests in it are for measuring refusals.",
        "rai:dataLimitations": dataset.defects,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{names[path]}-file",
                "name": path.rsplit("/", 1)[-1],
                "contentUrl": path,
                "encodingFormat": "application/jsonlines",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for path, content in files.items()
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": name,
                "name": name,
                "description": f"Split {name}.",
                "field": [_field(name, key, value) for key, value in example.items()],
            }
            for name in names.values()
        ],
    }


def _field(split: str, key: str, value: Any) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{split}/{key}",
        "name": key,
        "description": f"Column {key}; see the data card.",
        "dataType": "sc:Integer" if isinstance(value, int) else "sc:Text",
        **({"repeated": True} if isinstance(value, list) else {}),
        "source": {"fileObject": {"@id": f"{split}-file"}, "extract": {"column": key}},
    }
