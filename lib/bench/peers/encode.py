"""Sentence embeddings by MiniLM: encode.py INPUTS fp32|bf16|one. The seconds are those of one text; the answer is the
sum of the absolute values of each of the first embeddings."""
import sys

from sentence_transformers import SentenceTransformer

from measure import best, lines
from precision import cast

folder, what = sys.argv[1:]
model = SentenceTransformer(f"{folder}/MiniLM", device="cpu")
texts = lines(f"{folder}/{'query' if what == 'one' else 'texts'}.jsonl")
precision = "bf16" if what == "bf16" else "fp32"
embeddings = None


def encode():
    global embeddings
    with cast(precision):
        embeddings = model.encode(texts, batch_size=32, show_progress_bar=False)


best(encode, 50 if what == "one" else 2, units=len(texts), answer=lambda: [float(abs(e).sum()) for e in embeddings[:8]])
