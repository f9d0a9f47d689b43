"""Batches of T5 as Trainer wants them, of examples of "input_ids" and "labels"."""
import torch


def collate(examples):
    def pad(name, filler):
        rows = [torch.tensor(e[name]) for e in examples]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler)

    ids = pad("input_ids", 0)
    return {"input_ids": ids, "attention_mask": (ids != 0).long(), "labels": pad("labels", -100)}
