"""Trainer of transformers 4.49.0 on one side of a checkpoint.

    python peer_trainer.py write MODEL OUTPUT     trains the model 4 steps, evaluating and saving after 2 and 4
    python peer_trainer.py read CHECKPOINT OUTPUT goes on from a checkpoint to step 8

Standard input: {"train": [...], "eval": [...]}, examples of "input_ids" and "labels". Standard output: what it saw, as JSON.

torch==2.15.0 transformers==4.49.0 accelerate==1.4.0
"""
import json
import sys

from transformers import T5ForConditionalGeneration, Trainer, TrainerCallback, TrainingArguments

from collate import collate


class Look(TrainerCallback):
    """Notes where the training starts."""

    def on_train_begin(self, args, state, control, **_):
        seen["step"], seen["best_metric"], seen["logged"] = state.global_step, state.best_metric, len(state.log_history)
        seen["eval_loss"] = trainer.evaluate()["eval_loss"]


mode, folder, output = sys.argv[1:]
data, seen = json.load(sys.stdin), {}
trainer = Trainer(
    T5ForConditionalGeneration.from_pretrained(folder),
    TrainingArguments(
        output, max_steps=4 if mode == "write" else 8, per_device_train_batch_size=2, per_device_eval_batch_size=2,
        learning_rate=1e-2, eval_strategy="steps", eval_steps=2, save_strategy="steps", save_steps=2, logging_steps=1,
        load_best_model_at_end=True, report_to="none", use_cpu=True, disable_tqdm=True,
    ),
    data_collator=collate, train_dataset=data["train"], eval_dataset=data["eval"], callbacks=[Look] if mode == "read" else [],
)
trainer.train(resume_from_checkpoint=folder if mode == "read" else None)
seen["steps"] = trainer.state.global_step
seen["evaluated"] = [e["eval_loss"] for e in trainer.state.log_history if "eval_loss" in e]
print("\n" + json.dumps(seen))
