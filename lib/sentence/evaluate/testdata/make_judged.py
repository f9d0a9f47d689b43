"""Evaluates a model by Sentence-Transformers 3.4.1 on real test collections, and prints the figures as JSON:

    make_judged.py MODEL DATA > judged.json

DATA holds cranfield, cacm, scifact-subset, stsb-en and scirepeval-search. Made with torch 2.15.0, scikit-learn's
ndcg_score (linear gain) for candidates with scores from 0 to 2.
"""
import csv
import gzip
import json
import pathlib
import sys

import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.evaluation import EmbeddingSimilarityEvaluator, InformationRetrievalEvaluator
from sklearn.metrics import ndcg_score


def lines(path):
    packed = path.with_name(path.name + ".gz")
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def texts(path):
    return {line["_id"]: f"{line.get('title') or ''} {line['text']}".strip() for line in lines(path)}


def judged(model, folder):
    queries, corpus = texts(folder / "queries.jsonl"), texts(folder / "corpus.jsonl")
    relevant = {}
    for query, document, score, *_ in list(csv.reader(open(folder / "qrels.tsv"), delimiter="\t"))[1:]:
        if query in queries and document in corpus and float(score) > 0:
            relevant.setdefault(query, set()).add(document)
    evaluator = InformationRetrievalEvaluator(queries, corpus, relevant, write_csv=False)
    return {name.removeprefix("cosine_"): float(value) for name, value in evaluator(model).items()}


def similar(model, path):
    rows = list(csv.reader(open(path, encoding="utf-8")))
    evaluator = EmbeddingSimilarityEvaluator(
        [row[0] for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows], write_csv=False)
    return {name: float(value) for name, value in evaluator(model).items()}


def reranked(model, path):
    """The mean nDCG@10 of each query's candidates, ordered by their cosine with it."""
    values = []
    for line in lines(path):
        scores = [candidate["score"] for candidate in line["candidates"]]
        if max(scores) == 0 or len(scores) < 2:
            continue
        documents = [f"{c['title'] or ''} {c['abstract'] or ''}".strip() for c in line["candidates"]]
        cosines = model.similarity(model.encode([line["query"]]), model.encode(documents)).numpy()
        values.append(ndcg_score([scores], cosines, k=10))
    return {"queries": len(values), "ndcg@10": float(np.mean(values))}


model, data = SentenceTransformer(sys.argv[1], device="cpu"), pathlib.Path(sys.argv[2])
print(json.dumps({
    **{name: judged(model, data / name) for name in ("cranfield", "cacm", "scifact-subset")},
    "stsb-en": similar(model, data / "stsb-en/stsb-en-test.csv"),
    "scirepeval-search": reranked(model, data / "scirepeval-search/search_small.jsonl"),
}, indent=1))
