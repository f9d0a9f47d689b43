"""Beam search as the study's, but always to the full 256 tokens, on one text of 1,024: beams.py INPUTS. The seconds are
those of one token; the answer is the ids."""
import sys

import torch
from transformers import T5ForConditionalGeneration

from measure import best, lines

folder = sys.argv[1]
model = T5ForConditionalGeneration.from_pretrained(f"{folder}/flan-t5-small").eval()
ids = torch.tensor(lines(f"{folder}/long.jsonl"))
length = 256
out = None


def search():
    global out
    with torch.no_grad():
        out = model.generate(ids, max_length=length, min_length=length, num_beams=5, repetition_penalty=2.0, length_penalty=1.0, early_stopping=True)


best(search, 1, units=length - 1, answer=lambda: out[0].tolist())
