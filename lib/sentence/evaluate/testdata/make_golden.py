"""Makes golden.json: what Sentence-Transformers 3.4.1 makes of random vectors. Run it in its folder, with no arguments."""
import json
import tempfile
import pathlib

import numpy as np
import torch
from sentence_transformers.evaluation import EmbeddingSimilarityEvaluator, InformationRetrievalEvaluator, TripletEvaluator
from sentence_transformers.util import cos_sim

random = np.random.default_rng(3)


class Vectors:
    """Stands for a model: a text is the number of its vector."""
    similarity_fn_name = "cosine"
    similarity = staticmethod(cos_sim)

    class model_card_data:
        @staticmethod
        def set_evaluation_metrics(*_): pass

    def __init__(self, vectors):
        self.vectors = vectors

    def encode(self, texts, convert_to_tensor=False, **_):
        found = self.vectors[[int(text) for text in texts]]
        return torch.tensor(found) if convert_to_tensor else found


# 25 questions, then 150 documents of 6 components, rounded so that some are alike.
vectors = random.standard_normal((175, 6)).round(2).astype(np.float32)
relevant = {str(q): {str(25 + d) for d in random.choice(150, random.integers(1, 14), replace=False)} for q in range(25)}
retrieval = InformationRetrievalEvaluator(
    {str(q): str(q) for q in range(25)}, {str(d): str(d) for d in range(25, 175)}, relevant, name="golden", show_progress_bar=False)
with tempfile.TemporaryDirectory() as folder:
    measures = retrieval(Vectors(vectors), folder, epoch=2, steps=40)
    file, = pathlib.Path(folder).iterdir()
    csv = {"name": file.name, "content": file.read_text()}

# Scores from 0 to 5 in steps of a half, so that many are equal.
first, second = [str(i) for i in range(80)], [str(i) for i in range(80, 160)]
scores = (random.integers(0, 11, 80) / 2).tolist()
similarity = EmbeddingSimilarityEvaluator(first, second, scores)(Vectors(vectors))

anchors, positives, negatives = ([str(i) for i in range(start, start + 50)] for start in (0, 50, 100))
triplets = TripletEvaluator(anchors, positives, negatives)(Vectors(vectors))

golden = {
    "vectors": vectors.tolist(),
    "relevant": [sorted(int(d) - 25 for d in relevant[str(q)]) for q in range(25)],
    "measures": {name.removeprefix("golden_cosine_"): float(value) for name, value in measures.items()},
    "csv": csv,
    "scores": scores,
    "similarity": {name: float(value) for name, value in similarity.items()},
    "triplets": float(triplets["cosine_accuracy"]),
}
pathlib.Path("golden.json").write_text(json.dumps(golden) + "\n")
