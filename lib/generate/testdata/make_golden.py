"""Makes golden.json: what transformers' generate writes with three small models, those of ../../t5/testdata and narrow/, which it
makes too; and warped.json: what its warpers leave to be drawn.

Pinned: Python 3.11, torch 2.15.0, transformers 4.49.0.

    python make_golden.py                  writes them beside this script
    python make_golden.py DIR              reads {"prompts", "settings"} as JSON, prints what the model in DIR generates
    python make_golden.py random DIR SEED N    makes models by chance in DIR, prints N cases of them, by chance too
    python make_golden.py drawn DIR SEED       reads {"prompts", "settings"} as JSON, prints the texts that the model in DIR draws

A case is a model, settings, and for each of some prompts the ids of the texts returned and, for beams, their scores. Prompts are left
out of a case where the model in double precision writes something else: there rounding decides, and every order of summation
rounds in its own way. Each prompt is generated alone: in a padded batch this release loses the attention mask on its way to the decoder
(prepare_inputs_for_generation takes it out of the arguments), so that texts there depend on how long their neighbours are.
"""

import itertools
import json
import pathlib
import random
import sys

import torch
from transformers import T5Config, T5ForConditionalGeneration
from transformers.generation.logits_process import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

HERE = pathlib.Path(__file__).parent
LENGTHS = [24, 3, 1, 40, 7, 13]
STUDY = dict(num_beams=5, repetition_penalty=2.0, length_penalty=1.0, early_stopping=True)
SETTINGS = [
    # greedy
    dict(max_length=20),
    dict(max_length=24, min_length=12, repetition_penalty=1.7),
    dict(max_length=2),
    dict(max_length=30, no_repeat_ngram_size=2),
    dict(max_length=30, no_repeat_ngram_size=1),
    dict(max_length=30, no_repeat_ngram_size=4, repetition_penalty=1.1),
    dict(max_length=30, repetition_penalty=0.6),
    dict(max_length=30, repetition_penalty=5.0, min_length=25),
    dict(max_new_tokens=1),
    dict(max_new_tokens=17),
    dict(max_new_tokens=17, min_new_tokens=9),
    dict(max_new_tokens=12, min_new_tokens=12, no_repeat_ngram_size=3),
    dict(max_length=25, min_new_tokens=9, repetition_penalty=1.3),
    # the study's own call, and near it
    dict(STUDY, max_length=256, min_length=100),
    dict(STUDY, max_length=32, min_length=12),
    dict(STUDY, max_length=12, min_length=12),
    dict(STUDY, max_length=40, min_length=0),
    dict(STUDY, max_length=40, min_length=3, early_stopping=False),
    dict(STUDY, max_length=24, min_length=6, length_penalty=2.5, early_stopping=False),
    dict(STUDY, max_length=24, min_length=6, length_penalty=-1.0, early_stopping=False),
    dict(STUDY, max_length=40, min_length=5, num_return_sequences=5),
    dict(STUDY, max_length=40, min_length=5, num_return_sequences=3, early_stopping="never"),
    # other beams
    dict(num_beams=2, max_length=16, repetition_penalty=0.8, length_penalty=0.0),
    dict(num_beams=3, max_length=28, min_length=5, no_repeat_ngram_size=3, early_stopping=True),
    dict(num_beams=4, max_length=20, repetition_penalty=1.3, no_repeat_ngram_size=1),
    dict(num_beams=4, max_length=2),
    dict(num_beams=4, max_length=2, num_return_sequences=4),
    dict(num_beams=2, max_length=24, early_stopping=True),
    dict(num_beams=2, max_length=24, early_stopping=True, length_penalty=3.0, repetition_penalty=1.2),
    dict(num_beams=3, max_length=24, early_stopping=False, length_penalty=1.5, repetition_penalty=1.5),
    dict(num_beams=5, max_length=60, length_penalty=0.5),
    dict(num_beams=8, max_length=20, num_return_sequences=8),
    dict(num_beams=3, max_new_tokens=11, min_new_tokens=4),
    dict(num_beams=3, max_new_tokens=11, min_new_tokens=11, num_return_sequences=2),
    dict(num_beams=6, max_length=30, no_repeat_ngram_size=2, num_return_sequences=6, early_stopping="never"),
    dict(num_beams=7, max_length=18, repetition_penalty=3.0, num_return_sequences=2),
] + [
    dict(num_beams=beams, max_length=26, early_stopping=stop, length_penalty=penalty, num_return_sequences=2)
    for beams, stop, penalty in itertools.product((2, 4), (True, False, "never"), (-0.5, 0.0, 0.7, 1.0, 2.0))
]


def generate(model, prompts, settings):
    ids, scores, end_token = [], [], model.config.eos_token_id
    for prompt in prompts:
        with torch.no_grad():
            input_ids = torch.tensor([prompt])
            out = model.generate(input_ids, attention_mask=torch.ones_like(input_ids), do_sample=False, return_dict_in_generate=True,
                                 output_scores=True, **settings)
        for row in out.sequences.tolist():
            # Texts returned together are padded to the longest.
            end = row.index(end_token, 1) + 1 if end_token in row[1:] else len(row)
            ids.append(row[:end])
        if settings.get("num_beams", 1) > 1:
            # JSON has no infinity: the score of a text in which nothing was allowed any more.
            scores += [max(round(score, 6), -1e300) for score in out.sequences_scores.tolist()]
    return dict(ids=ids, scores=scores)


def draw(model, prompts, settings):
    input_ids = torch.tensor(prompts)
    out = model.generate(input_ids, attention_mask=torch.ones_like(input_ids), do_sample=True, **settings).tolist()
    return [row[:row.index(model.config.eos_token_id) + 1] if model.config.eos_token_id in row else row for row in out]


def load(folder):
    return T5ForConditionalGeneration.from_pretrained(folder).eval()


def make_narrow():
    torch.manual_seed(11)
    model = T5ForConditionalGeneration(T5Config(
        vocab_size=33, d_model=8, d_kv=5, d_ff=12, num_layers=1, num_decoder_layers=1, num_heads=2, feed_forward_proj="gated-gelu",
        tie_word_embeddings=False, decoder_start_token_id=0)).eval()
    model.lm_head.weight.data *= 0.6
    model.lm_head.weight.data[1] *= 2
    model.save_pretrained(HERE / "narrow")


def sure_case(name, model, double, prompts, settings):
    sure = [p for p in prompts if generate(model, [p], settings)["ids"] == generate(double, [p], settings)["ids"]]
    return dict(model=name, settings=settings, prompts=sure, **generate(model, sure, settings))


def make_golden():
    rng = random.Random(20250301)
    lines, left_out = [], 0
    for name in ("gated", "tied", "narrow"):
        model = load(HERE / ("narrow" if name == "narrow" else "../../t5/testdata/" + name))
        prompts = [[rng.randrange(2, model.config.vocab_size) for _ in range(n - 1)] + [1] for n in LENGTHS]
        double = load(HERE / ("narrow" if name == "narrow" else "../../t5/testdata/" + name)).double()
        for settings in SETTINGS:
            case = sure_case(name, model, double, prompts, settings)
            left_out += len(prompts) - len(case["prompts"])
            lines.append(json.dumps(case, separators=(",", ":")))
    (HERE / "golden.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} cases, {left_out} prompts left out", file=sys.stderr)


def make_warped():
    torch.manual_seed(5)
    cases = [warped(*settings) for settings in [
        (1.0, 0, 1.0, 1), (0.7, 0, 1.0, 1), (3.0, 0, 1.0, 1), (1.0, 1, 1.0, 1), (1.0, 7, 1.0, 1), (1.0, 50, 1.0, 1), (1.0, 0, 0.9, 1),
        (1.0, 0, 0.3, 1), (1.0, 0, 0.001, 1), (1.0, 0, 0.9999, 1), (0.6, 12, 0.8, 1), (1.5, 5, 0.95, 1), (0.2, 40, 0.5, 1),
        (1.0, 1, 1.0, 4), (1.0, 0, 0.001, 4), (0.9, 3, 0.4, 4),
    ]]
    rng = random.Random(5)
    for _ in range(24):
        cases.append(warped(rng.choice([0.05, 0.5, 1.0, 1.7, 20.0]), rng.choice([0, 1, 2, 5, 39, 40, 90]), round(rng.random(), 3), rng.choice([1, 3])))
    (HERE / "warped.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


def warped(temperature, top_k, top_p, beams):
    scores = torch.randn(1, 40) * 3
    scores[0, 3] = -float("inf")  # as min_length leaves it
    least = 2 if beams > 1 else 1
    left = scores
    if temperature != 1.0:
        left = TemperatureLogitsWarper(temperature)(None, left)
    if top_k:
        left = TopKLogitsWarper(top_k, min_tokens_to_keep=least)(None, left)
    if top_p < 1:
        left = TopPLogitsWarper(top_p, min_tokens_to_keep=least)(None, left)
    return {
        "settings": dict(temperature=temperature, top_k=top_k, top_p=top_p, num_beams=beams, do_sample=True),
        "scores": [max(s, -1e30) for s in scores[0].tolist()], "probabilities": left.softmax(-1)[0].tolist(),
    }


def make_random(folder, seed, count):
    rng = random.Random(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    models = [random_model(rng, folder / f"model{i}") for i in range(6)]
    cases = []
    for _ in range(count):
        name, model, double = rng.choice(models)
        prompts = [[rng.randrange(model.config.vocab_size) for _ in range(rng.choice([1, 2, 5, 9, 20, 40]))] for _ in range(3)]
        cases.append(sure_case(name, model, double, prompts, random_settings(rng)))
    json.dump(cases, sys.stdout)


def random_model(rng, folder):
    """A small T5 whose special tokens are where no T5 has them, and which ends its texts sooner or later."""
    size = rng.choice([5, 9, 17, 33, 60])
    end, pad = rng.sample(range(size), 2)
    model = T5ForConditionalGeneration(T5Config(
        vocab_size=size, d_model=rng.choice([8, 12]), d_kv=rng.choice([3, 5]), d_ff=rng.choice([8, 12]), num_layers=rng.choice([1, 2]),
        num_decoder_layers=rng.choice([1, 2]), num_heads=rng.choice([1, 2, 3]), feed_forward_proj=rng.choice(["gated-gelu", "relu"]),
        tie_word_embeddings=rng.random() < 0.3, decoder_start_token_id=rng.randrange(size), eos_token_id=end, pad_token_id=pad)).eval()
    if not model.config.tie_word_embeddings:
        model.lm_head.weight.data *= rng.choice([0.3, 0.6, 1.0])
        model.lm_head.weight.data[end] *= rng.choice([0.5, 1, 2, 3])
    model.save_pretrained(folder)
    return folder.name, model, load(folder).double()


def random_settings(rng):
    settings = {"num_beams": rng.choice([1, 1, 2, 3, 4, 5, 7, 10])}
    if rng.random() < 0.5:
        settings["max_length"] = longest = rng.choice([2, 3, 5, 9, 17, 30, 50])
    else:
        settings["max_new_tokens"] = rng.choice([1, 2, 5, 12, 30, 45])
        longest = settings["max_new_tokens"] + 1
    which = rng.random()
    if which < 0.35:
        settings["min_length"] = rng.randrange(longest + 1)
    if which > 0.3 and which < 0.6:
        settings["min_new_tokens"] = rng.randrange(1, longest)
    if rng.random() < 0.4:
        settings["no_repeat_ngram_size"] = rng.choice([1, 2, 3, 5, 60])
    if rng.random() < 0.6:
        settings["repetition_penalty"] = rng.choice([0.5, 0.9, 1.0, 1.2, 2.0, 5.0])
    if settings["num_beams"] > 1:
        settings["length_penalty"] = rng.choice([-2.0, -0.5, 0.0, 0.3, 1.0, 1.0, 2.0, 5.0])
        settings["early_stopping"] = rng.choice([True, False, "never"])
        settings["num_return_sequences"] = rng.randrange(1, settings["num_beams"] + 1)
    return settings


def asked():
    """What the test asks for on standard input, less what stands for nothing."""
    question = json.load(sys.stdin)
    settings = {k: float(v) if k.endswith("penalty") else v for k, v in question["settings"].items()}
    for name in ("seed", "do_sample", "temperature", "top_k", "top_p"):
        settings.pop(name)
    return question["prompts"], {k: v for k, v in settings.items() if v != 0 or v is False}


if __name__ == "__main__":
    if len(sys.argv) == 1:
        make_narrow()
        make_golden()
        make_warped()
    elif sys.argv[1] == "random":
        make_random(pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] == "drawn":
        torch.manual_seed(int(sys.argv[3]))
        torch.set_num_threads(1)
        question = json.load(sys.stdin)
        json.dump([draw(load(sys.argv[2]), question["prompts"], settings) for settings in question["settings"]], sys.stdout)
    else:
        prompts, settings = asked()
        json.dump(generate(load(sys.argv[1]), prompts, settings), sys.stdout)
