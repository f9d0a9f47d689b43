"""What Trainer does with the small T5 in ../../t5/testdata/gated, dropout off, under arguments by chance.

    python random_trainings.py SEED N FILE

FILE gets a list of N trainings as JSON, each with its configuration in the words of package train.

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0
"""
import json
import pathlib
import random
import sys
import tempfile

import torch
from transformers import EarlyStoppingCallback, T5ForConditionalGeneration, TrainingArguments

from collate import collate

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE / "../../train/testdata"))
from in_order import InOrder

# Trainer's names of what is called otherwise by package train.
NAMES = {
    "num_train_epochs": "epochs", "per_device_train_batch_size": "batch_size", "per_device_eval_batch_size": "eval_batch_size",
    "gradient_accumulation_steps": "accumulation", "lr_scheduler_type": "schedule", "save_total_limit": "save_limit",
}


def choose(rng):
    """Arguments of Trainer, and numbers of examples to train and to evaluate on."""
    a = {
        "num_train_epochs": rng.randrange(1, 5), "per_device_train_batch_size": rng.randrange(1, 6),
        "per_device_eval_batch_size": rng.randrange(1, 8), "gradient_accumulation_steps": rng.choice([1, 1, 2, 3, 4, 6]),
        "learning_rate": rng.choice([1e-4, 1e-3, 5e-3]), "lr_scheduler_type": rng.choice(["linear", "cosine", "constant", "constant_with_warmup"]),
        "weight_decay": rng.choice([0, 0.01, 0.3]), "max_grad_norm": rng.choice([1.0, 0.3, 0, 5.0]),
        "label_smoothing_factor": rng.choice([0, 0, 0.1, 0.4]),
    }
    if rng.random() < 0.35:
        a["max_steps"] = rng.randrange(1, 25)
    if rng.random() < 0.5:
        a["warmup_steps"] = rng.choice([1, 3, 7, 100])
    if rng.random() < 0.5:
        a["warmup_ratio"] = rng.choice([0.05, 0.11, 0.3, 0.5, 1.0])
    every(rng, a, "logging", ["epoch", "steps", "steps"])
    every(rng, a, "eval", ["epoch", "steps", "steps", "no"])
    a["load_best_model_at_end"] = a["eval_strategy"] != "no" and rng.random() < 0.6
    if a["load_best_model_at_end"]:
        a["save_strategy"] = a["eval_strategy"]
        if "eval_steps" in a:
            times = rng.choice([1, 2, 3])
            a["save_steps"] = a["eval_steps"] * (times if a["eval_steps"] * times < 1 or a["eval_steps"] >= 1 else 1)
        a["metric_for_best_model"], a["greater_is_better"] = "loss", rng.random() < 0.3
    else:
        every(rng, a, "save", ["epoch", "steps", "no"])
    if rng.random() < 0.6:
        a["save_total_limit"] = rng.choice([1, 2, 3])
    return a, rng.randrange(3, 40), rng.randrange(1, 12)


def every(rng, a, what, strategies):
    a[what + "_strategy"] = rng.choice(strategies)
    if a[what + "_strategy"] == "steps":
        a[what + "_steps"] = rng.choice([1, 2, 3, 5, 7, 0.125, 0.25, 0.5])


def comparable(a, examples):
    """Whether Trainer sees all batches of an epoch, which it takes for as many as there are examples, and saves the best model."""
    accumulation = a["gradient_accumulation_steps"]
    batches = -(-examples // a["per_device_train_batch_size"])
    short = batches % accumulation
    return short <= (examples % accumulation or accumulation) and a.get("save_total_limit") != 1


def ours(a, early):
    words = {"keep_last": not a["load_best_model_at_end"], "better": "greater" if a.get("greater_is_better") else "less", **early}
    for name, value in a.items():
        if name.endswith("_strategy"):
            what = name.removesuffix("_strategy")
            words[what.replace("logging", "log") + "_every"] = a.get(what + "_steps", value)
        elif NAMES.get(name, name) in OURS:
            words[NAMES.get(name, name)] = value
    return words


OURS = {*NAMES.values(), "max_steps", "learning_rate", "warmup_steps", "warmup_ratio", "weight_decay", "max_grad_norm"}


def train(rng, a, training, validation):
    def sentence(longest):
        return [rng.randrange(2, 64) for _ in range(rng.randrange(1, longest))] + [1]

    examples = [{"input_ids": sentence(14), "labels": sentence(8)} for _ in range(training + validation)]
    orders = [rng.sample(range(training), training) for _ in range(64)]
    early = {"patience": rng.choice([1, 2, 3]), "threshold": rng.choice([0, 0.01, 0.1])} if a["load_best_model_at_end"] and rng.random() < 0.5 else {}
    model = T5ForConditionalGeneration.from_pretrained(HERE / "../../t5/testdata/gated", dropout_rate=0.0)

    def batch(examples):
        inputs = collate(examples)
        # Without the labels, which label smoothing takes out, the model does not know what it has written.
        return {**inputs, "decoder_input_ids": model.prepare_decoder_input_ids_from_labels(inputs["labels"])}

    with tempfile.TemporaryDirectory() as folder:
        trainer = InOrder(orders, model, TrainingArguments(folder, report_to="none", use_cpu=True, disable_tqdm=True, **a), data_collator=batch,
                          train_dataset=examples[:training], eval_dataset=examples[training:] if a["eval_strategy"] != "no" else None)
        if early:
            trainer.add_callback(EarlyStoppingCallback(*early.values()))
        trainer.train()
        kept = sorted(int(p.name.split("-")[1]) for p in pathlib.Path(folder).glob("checkpoint-*"))
    history = trainer.state.log_history
    return {
        "config": ours(a, early), "smoothing": a["label_smoothing_factor"], "training": training, "examples": examples, "orders": orders[:30],
        "losses": trainer.losses, "used": trainer.used, "train_loss": history[-1]["train_loss"], "kept": kept,
        "logged": [{"grad_norm": 0, **e} for e in history if "learning_rate" in e],
        "evaluated": [e for e in history if "eval_loss" in e],
        "best": trainer.state.best_metric if a["load_best_model_at_end"] else None,
        "norm": torch.cat([p.detach().flatten() for p in model.parameters()]).norm().item(),
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    rng, all = random.Random(int(sys.argv[1])), []
    while len(all) < int(sys.argv[2]):
        arguments, training, validation = choose(rng)
        if comparable(arguments, training):
            all.append(train(rng, arguments, training, validation))
    pathlib.Path(sys.argv[3]).write_text(json.dumps(all))
