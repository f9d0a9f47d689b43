"""Makes the two small models of this folder and what transformers computes with them; answers the live comparisons.

Pinned: Python 3.11, torch 2.15.0, transformers 4.49.0, safetensors 0.8.0.

    python make_golden.py                  writes gated/, tied/ and buckets.json beside this script
    python make_golden.py loss DIR         loads DIR, reads a batch as JSON, prints its loss
    python make_golden.py save DIR         loads DIR and saves it again, into DIR/again

A model's folder holds what save_pretrained writes, and golden.safetensors: input_ids, attention_mask, labels, logits,
loss, encoded, and under grad.NAME the gradient of each parameter.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import T5Config, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5Attention

HERE = pathlib.Path(__file__).parent
CONFIGS = {
    # t5-test of named.go
    "gated": dict(vocab_size=64, d_model=16, d_kv=4, d_ff=32, num_layers=2, num_heads=3, feed_forward_proj="gated-gelu",
                  tie_word_embeddings=False),
    "tied": dict(vocab_size=48, d_model=12, d_kv=3, d_ff=20, num_layers=1, num_decoder_layers=2, num_heads=4,
                 relative_attention_num_buckets=8, relative_attention_max_distance=12, feed_forward_proj="relu"),
}


def batch(vocab):
    """Three texts and three targets of different lengths, padded."""
    ids, mask = torch.zeros(3, 19, dtype=torch.long), torch.zeros(3, 19, dtype=torch.long)
    labels = torch.full((3, 9), -100)
    for row, (n, m) in enumerate([(19, 6), (7, 9), (1, 2)]):
        ids[row, :n], mask[row, :n] = torch.randint(2, vocab, (n,)), 1
        labels[row, :m] = torch.cat([torch.randint(2, vocab, (m - 1,)), torch.tensor([1])])
    return dict(input_ids=ids, attention_mask=mask, labels=labels)


def make_model(name, config):
    torch.manual_seed(20250301)
    model = T5ForConditionalGeneration(T5Config(decoder_start_token_id=0, **config)).eval()
    for parameter in model.parameters():  # norms start at one, which would hide an error in their use
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter.data, mean=1, std=0.2)
    if name == "gated":  # so that what it generates is varied, and comes to an end
        model.lm_head.weight.data *= 0.4
        model.lm_head.weight.data[1] *= 2.5
    model.save_pretrained(HERE / name)
    inputs = batch(config["vocab_size"])
    out = model(**inputs)
    out.loss.backward()
    golden = dict(inputs, logits=out.logits, loss=out.loss, encoded=out.encoder_last_hidden_state)
    golden |= {"grad." + n: p.grad for n, p in model.named_parameters()}
    save_file({k: v.detach().clone().contiguous() for k, v in golden.items()}, HERE / name / "golden.safetensors")


def make_buckets():
    """Buckets of the distances -limit..limit, as [bucket, how many of them follow each other]."""
    cases = []
    for both in (True, False):
        for num, far in [(32, 128), (32, 20), (8, 12), (4, 3), (16, 1000), (64, 512), (31, 100)]:
            limit = 2 * far + 100
            found = T5Attention._relative_position_bucket(torch.arange(-limit, limit + 1), both, num, far)
            values, counts = torch.unique_consecutive(found, return_counts=True)
            runs = torch.stack([values, counts], 1).tolist()
            cases.append(dict(bidirectional=both, num=num, max_distance=far, limit=limit, runs=runs))
    with open(HERE / "buckets.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


def loss(folder):
    model = T5ForConditionalGeneration.from_pretrained(folder).eval()
    with torch.no_grad():
        print(model(**{k: torch.tensor(v) for k, v in json.load(sys.stdin).items()}).loss.item())


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            for name, config in CONFIGS.items():
                make_model(name, config)
            make_buckets()
        case ["loss", folder]:
            loss(folder)
        case ["save", folder]:
            T5ForConditionalGeneration.from_pretrained(folder).save_pretrained(pathlib.Path(folder) / "again")
