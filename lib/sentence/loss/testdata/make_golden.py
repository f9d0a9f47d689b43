"""Makes golden.json: losses and gradients of random embeddings by Sentence-Transformers 3.4.1. Run it in its folder."""
import json
import pathlib

import torch
from sentence_transformers import losses

torch.manual_seed(5)
BATCH, WIDTH = 6, 4


class Same(torch.nn.Module):
    """Stands for a model: texts are their embeddings."""
    def __getitem__(self, _): return None

    def forward(self, features): return {"sentence_embedding": features["x"]}


def computed(loss, texts, labels=None):
    embeddings = [torch.randn(BATCH, WIDTH, requires_grad=True) for _ in range(texts)]
    value = loss([{"x": e} for e in embeddings], labels)
    value.backward()
    return {
        "embeddings": [e.flatten().tolist() for e in embeddings],
        "labels": [] if labels is None else labels.tolist(),
        "loss": value.item(),
        "gradients": [e.grad.flatten().tolist() for e in embeddings],
    }


like = torch.tensor([1, 0, 1, 1, 0, 0])
pathlib.Path("golden.json").write_text(json.dumps({
    "ranking": computed(losses.MultipleNegativesRankingLoss(Same()), 2),
    "ranking with hard negatives": computed(losses.MultipleNegativesRankingLoss(Same()), 3),
    "cosine similarity": computed(losses.CosineSimilarityLoss(Same()), 2, torch.rand(BATCH)),
    "contrastive": computed(losses.ContrastiveLoss(Same()), 2, like),
    "triplet": computed(losses.TripletLoss(Same(), triplet_margin=1), 3),
}, indent=1) + "\n")
