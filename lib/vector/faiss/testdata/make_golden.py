"""Writes golden.faiss and golden.json: a small index and its answers, by Python's faiss.

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

golden = {
    "dim": vectors.shape[1],
    "vectors": vectors.ravel().tolist(),
    "queries": queries.ravel().tolist(),
    "k": k,
    "distances": distances.ravel().tolist(),
    "ids": ids.ravel().tolist(),
}
(here / "golden.json").write_text(json.dumps(golden) + "\n")
