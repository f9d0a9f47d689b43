"""Training steps of MultipleNegativesRankingLoss on 20 pairs: mnrl.py INPUTS fp32|bf16. The seconds are those of one step; the answer is
the loss after all of them."""
import sys

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.losses import MultipleNegativesRankingLoss

from measure import best, lines
from precision import cast

folder, precision = sys.argv[1:]
torch.manual_seed(42)  # of what is dropped
model = SentenceTransformer(f"{folder}/MiniLM", device="cpu").train()
texts = lines(f"{folder}/texts.jsonl")[:40]
features = [model.tokenize(texts[:20]), model.tokenize(texts[20:])]
loss = MultipleNegativesRankingLoss(model)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01)


def step():
    with cast(precision):
        value = loss([dict(f) for f in features], None)
    value.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def final():
    model.eval()
    with torch.no_grad():
        return [loss([dict(f) for f in features], None).item()]


best(step, 2, answer=final)
