"""Makes golden.json: what transformers' generate writes with the two small models of ../../t5/testdata.

Pinned: Python 3.11, torch 2.15.0, transformers 4.49.0.

    python make_golden.py          writes golden.json beside this script
    python make_golden.py DIR      reads {"prompts", "settings"} as JSON, prints what the model in DIR generates

A case is a model, settings, and for each of the prompts the ids and, for beams, the score. Each prompt is generated
alone: in a padded batch this release loses the attention mask on its way to the decoder (prepare_inputs_for_generation
takes it out of the arguments), so that texts there depend on how long their neighbours are.
"""

import json
import pathlib
import random
import sys

import torch
from transformers import T5ForConditionalGeneration

HERE = pathlib.Path(__file__).parent
LENGTHS = [24, 3, 1, 11, 40, 7, 2, 19, 5, 30, 13, 9, 16, 4]
STUDY = dict(num_beams=5, repetition_penalty=2.0, length_penalty=1.0, early_stopping=True)
SETTINGS = [
    dict(max_length=20),
    dict(max_length=24, min_length=12, repetition_penalty=1.7),
    dict(max_length=2),
    dict(max_length=30, no_repeat_ngram_size=2),
    dict(STUDY, max_length=32, min_length=12),
    dict(STUDY, max_length=12, min_length=12),
    dict(STUDY, max_length=40, min_length=0),
    dict(STUDY, max_length=40, min_length=3, early_stopping=False),
    dict(STUDY, max_length=24, min_length=6, length_penalty=2.5, early_stopping=False),
    dict(STUDY, max_length=24, min_length=6, length_penalty=-1.0, early_stopping=False),
    dict(num_beams=2, max_length=16, repetition_penalty=0.8, length_penalty=0.0),
    dict(num_beams=3, max_length=28, min_length=5, no_repeat_ngram_size=3, early_stopping=True),
    dict(num_beams=4, max_length=20, repetition_penalty=1.3, no_repeat_ngram_size=1),
    dict(num_beams=4, max_length=2),
    dict(num_beams=2, max_length=24, early_stopping=True),
    dict(num_beams=2, max_length=24, early_stopping=True, length_penalty=3.0, repetition_penalty=1.2),
    dict(num_beams=3, max_length=24, early_stopping=False, length_penalty=1.5, repetition_penalty=1.5),
    dict(num_beams=5, max_length=60, length_penalty=0.5),
]


def generate(model, prompts, settings):
    ids, scores = [], []
    for prompt in prompts:
        with torch.no_grad():
            out = model.generate(torch.tensor([prompt]), do_sample=False, return_dict_in_generate=True, output_scores=True,
                                 **settings)
        ids.append(out.sequences[0].tolist())
        if "num_beams" in settings:
            scores.append(round(out.sequences_scores.item(), 6))
    return dict(ids=ids, scores=scores)


def load(folder):
    return T5ForConditionalGeneration.from_pretrained(folder).eval()


def main():
    rng = random.Random(20250301)
    lines = []
    for name in ("gated", "tied"):
        model = load(HERE / "../../t5/testdata" / name)
        prompts = [[rng.randrange(2, model.config.vocab_size) for _ in range(n - 1)] + [1] for n in LENGTHS]
        for settings in SETTINGS:
            case = dict(model=name, settings=settings, prompts=prompts, **generate(model, prompts, settings))
            lines.append(json.dumps(case, separators=(",", ":")))
    (HERE / "golden.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        asked = json.load(sys.stdin)
        settings = {k: float(v) if k.endswith("penalty") else v for k, v in asked["settings"].items()}
        json.dump(generate(load(sys.argv[1]), asked["prompts"], settings), sys.stdout)
