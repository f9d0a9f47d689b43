"""Makes the small model of this folder and what Sentence-Transformers computes with it; answers the live comparisons.

Pinned: Python 3.11, torch 2.15.0, transformers 4.49.0, sentence-transformers 3.4.1, safetensors 0.8.0.

    python make_golden.py                 writes tiny/, texts.json and golden.safetensors beside this script
    python make_golden.py minilm DIR      writes minilm.safetensors: embeddings of texts.json by all-MiniLM-L6-v2 in DIR
    python make_golden.py head            writes head.safetensors beside this script: texts.json by tiny/ with more behind its pooling
    python make_golden.py encode DIR...   reads a JSON list of texts on stdin, prints each model's embeddings of them as JSON
    python make_golden.py save DIR...     loads each DIR and saves it again, into DIR/again

head.safetensors holds the embeddings of texts.json with a dense layer before the normalisation, whose weights are linear.weight and
linear.bias, and of tiny/ with the prompt PROMPT, in the pooling and left out of it.

golden.safetensors holds the embeddings of texts.json under mean, cls, max and all (cls, max and mean joined, not
normalised); for the first 12 texts as 6 pairs, and the next 6 as hard negatives, loss and hard_loss, and under grad.NAME
the gradients of the former; losses, of 30 steps of AdamW with the study's decay on these pairs, and under final.NAME the parameters
after them; losses.NAME, of 30 such steps from the first weights by the other losses, whose scores are SCORES and LABELS.
"""

import json
import os
import pathlib
import sys

import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer, models
from sentence_transformers.losses import ContrastiveLoss, CosineSimilarityLoss, MultipleNegativesRankingLoss, TripletLoss
from transformers import BertConfig, BertModel, BertTokenizerFast

HERE = pathlib.Path(__file__).resolve().parent
WORDS = """paper light model energy of the a in star field theory learn graph data text quantum search neural wave ##s ##ing ##ed ##er
on and for we show that is large small network time space mass black hole galax ##y ##ies heat gas - . , ( ) e""".split()
TEXTS = [
    "We show that light waves learn.", "Learning from waves of light", "Galaxies and black holes", "The mass of a galaxy",
    "A theory of quantum fields", "quantum field theories", "Neural networks for text", "text (neural) models",
    "Search in large graphs", "Searching small graphs.", "Energy, heat and gas", "Hot gas", "Stars", "black paper", "time",
    "searching for energy in models", "The theory that learned - that is, the model", "É", "",
    "a model of light and heat in the space of stars and galaxies, and of the energy of gas, and that is a paper on time and space . ",
]
STUDY = dict(lr=2e-5, weight_decay=0.01)
PROMPT = "search for a paper: "
SCORES, LABELS = [0.9, 0.4, 0.8, -0.2, 0.5, 1.0], [1, 0, 1, 0, 1, 0]


def transformer():
    """A transformer of 16 components and 64 words, made and saved once."""
    folder = pathlib.Path("transformer")  # relative: the configuration keeps the name
    folder.mkdir()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = specials + WORDS + [chr(c) for c in range(ord("f"), ord("z"))]
    (folder / "vocab.txt").write_text("\n".join(vocabulary[:64]) + "\n")
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=24).save_pretrained(folder)
    config = BertConfig(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32,
                        max_position_embeddings=24, initializer_range=0.3)
    BertModel(config).save_pretrained(folder)
    model = models.Transformer(str(folder), max_seq_length=20)
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    return model


def train(model, columns, steps, objective, labels=None):
    """AdamW at a constant rate, decay on all but biases and norms, as the peer's fit has it; no dropout."""
    kept = ("bias", "LayerNorm.bias", "LayerNorm.weight")
    groups = [
        dict(params=[p for n, p in model.named_parameters() if not any(k in n for k in kept)], weight_decay=STUDY["weight_decay"]),
        dict(params=[p for n, p in model.named_parameters() if any(k in n for k in kept)], weight_decay=0.0),
    ]
    optimizer, losses = torch.optim.AdamW(groups, lr=50 * STUDY["lr"]), []
    for _ in range(steps):
        loss = objective([model.tokenize(c) for c in columns], labels)
        losses.append(loss.item())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
        optimizer.step()
        optimizer.zero_grad()
    return torch.tensor(losses)


def make():
    os.chdir(HERE)
    torch.manual_seed(20250301)
    base = transformer()
    model = SentenceTransformer(modules=[base, models.Pooling(16), models.Normalize()], device="cpu").eval()
    model.save(str(HERE / "tiny"), create_model_card=False)
    (HERE / "texts.json").write_text(json.dumps(TEXTS, indent=1) + "\n")

    golden = {"mean": model.encode(TEXTS, convert_to_tensor=True)}
    for name, modes in {"cls": ["cls"], "max": ["max"], "all": ["cls", "max", "mean"]}.items():
        asked = dict(pooling_mode_mean_tokens=False) | {f"pooling_mode_{m}_token" + "s" * (m != "cls"): True for m in modes}
        pooled = SentenceTransformer(modules=[base, models.Pooling(16, **asked)], device="cpu").eval()
        golden[name] = pooled.encode(TEXTS, convert_to_tensor=True)

    columns = [TEXTS[0:12:2], TEXTS[1:12:2], TEXTS[12:18]]
    objective = MultipleNegativesRankingLoss(model)
    golden["hard_loss"] = objective([model.tokenize(c) for c in columns], None)
    golden["loss"] = objective([model.tokenize(c) for c in columns[:2]], None)
    golden["loss"].backward()
    names = {n: n.removeprefix("0.auto_model.") for n, _ in model.named_parameters()}
    golden |= {"grad." + names[n]: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    first = {n: p.detach().clone() for n, p in model.state_dict().items()}
    golden["losses"] = train(model, columns[:2], 30, objective)
    golden |= {"final." + names[n]: p.detach().clone() for n, p in model.named_parameters()}
    for name, taken, other, labels in [
        ("cosine", 2, CosineSimilarityLoss(model), torch.tensor(SCORES)),
        ("contrastive", 2, ContrastiveLoss(model), torch.tensor(LABELS)),
        ("triplet", 3, TripletLoss(model, triplet_margin=1), None),
    ]:
        model.load_state_dict(first)
        golden["losses." + name] = train(model, columns[:taken], 30, other, labels)
    save_file({k: v.detach().clone().contiguous() for k, v in golden.items()}, HERE / "golden.safetensors")


def minilm(folder):
    texts = json.loads((HERE / "texts.json").read_text())
    texts[-1] = texts[-1] * 20  # past 256 tokens
    embeddings = SentenceTransformer(folder, device="cpu").encode(texts, convert_to_tensor=True)
    save_file({"embeddings": embeddings.contiguous()}, HERE / "minilm.safetensors")


def head():
    texts = json.loads((HERE / "texts.json").read_text())
    model = SentenceTransformer(str(HERE / "tiny"), device="cpu")
    torch.manual_seed(7)
    dense = models.Dense(16, 6)
    golden = dict(dense.state_dict())
    with_dense = SentenceTransformer(modules=[model[0], model[1], dense, models.Normalize()], device="cpu").eval()
    golden["dense"] = with_dense.encode(texts, convert_to_tensor=True)
    golden["prompt"] = model.encode(texts, prompt=PROMPT, convert_to_tensor=True)
    model.set_pooling_include_prompt(False)
    golden["prompt_left_out"] = model.encode(texts, prompt=PROMPT, convert_to_tensor=True)
    save_file({k: v.detach().clone().contiguous() for k, v in golden.items()}, HERE / "head.safetensors")


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            make()
        case ["minilm", folder]:
            minilm(folder)
        case ["head"]:
            head()
        case ["encode", *folders]:
            texts = json.load(sys.stdin)
            json.dump([SentenceTransformer(f, device="cpu").encode(texts).tolist() for f in folders], sys.stdout)
        case ["save", *folders]:
            for folder in folders:
                model = SentenceTransformer(folder, device="cpu")
                model.save(str(pathlib.Path(folder) / "again"), create_model_card=False)
