"""Optimizer steps of flan-t5-small as transformers' Trainer takes them: t5_step.py INPUTS fp32|bf16. The seconds are those of one
step; the answer is the validation loss after all of them."""
import sys

import torch
from transformers import T5ForConditionalGeneration

from measure import best, lines
from precision import cast

folder, precision = sys.argv[1:]
torch.manual_seed(42)  # what is dropped moves the answer by up to one percent
model = T5ForConditionalGeneration.from_pretrained(f"{folder}/flan-t5-small").train()
optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.01)


def batch(examples):
    return {name: torch.tensor([e[name] for e in examples]) for name in ("input_ids", "labels")}


examples = lines(f"{folder}/t5.jsonl")
training, validation = [batch(examples[i:i + 4]) for i in range(0, 16, 4)], batch(examples[16:])


def step():
    for b in training:
        with cast(precision):
            loss = model(**b).loss / len(training)
        loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


def final():
    model.eval()
    with torch.no_grad():
        return [model(**validation).loss.item()]


best(step, 2, answer=final)
