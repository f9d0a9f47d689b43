"""Writes golden.faiss, other kinds of index beside it, and their answers to golden.json, by Python's faiss.

Pins: faiss-cpu 1.7.4, numpy 1.26.4. Run: python make_golden.py
"""

import json
import pathlib

import faiss
import numpy

here = pathlib.Path(__file__).parent
rng = numpy.random.default_rng(0)

# Small multiples of 1/8 keep every distance exact.
vectors = (rng.integers(-16, 17, (12, 4)) / 8).astype("float32")
queries = (rng.integers(-16, 17, (3, 4)) / 8 + 1 / 64).astype("float32")
k = 5

index = faiss.IndexFlatL2(vectors.shape[1])
index.add(vectors)
distances, ids = index.search(queries, k)
faiss.write_index(index, str(here / "golden.faiss"))

# The same vectors in other kinds of index, under ids of their own where these keep them.
kinds = {}
for name, kind, metric in [
    ("golden-product.faiss", "Flat", faiss.METRIC_INNER_PRODUCT),
    ("golden-ids.faiss", "IDMap,Flat", faiss.METRIC_L2),
    ("golden-cells.faiss", "IVF2,Flat", faiss.METRIC_L2),
    ("golden-graph.faiss", "HNSW4", faiss.METRIC_L2),
]:
    index = faiss.index_factory(vectors.shape[1], kind, metric)
    index.train(vectors)
    if kind in ("Flat", "HNSW4"):
        index.add(vectors)
    else:
        index.add_with_ids(vectors, numpy.arange(100, 100 + len(vectors)))
    kind_distances, kind_ids = index.search(queries, k)
    faiss.write_index(index, str(here / name))
    kinds[name] = {"distances": kind_distances.ravel().tolist(), "ids": kind_ids.ravel().tolist()}

golden = {
    "kinds": kinds,
    "dim": vectors.shape[1],
    "vectors": vectors.ravel().tolist(),
    "queries": queries.ravel().tolist(),
    "k": k,
    "distances": distances.ravel().tolist(),
    "ids": ids.ravel().tolist(),
}
(here / "golden.json").write_text(json.dumps(golden) + "\n")
