"""Writes the goldens of lib/safetensors beside this script.

Made with Python 3.11, torch 2.15.0, safetensors 0.8.0 and huggingface_hub 0.36.2:
    python lib/safetensors/testdata/make_golden.py
"""
import base64
import json
import struct
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from safetensors import SafetensorError, deserialize
from safetensors.torch import save_file

HERE = Path(__file__).parent


def dtypes():
    """One tensor of each dtype that torch and the Go package share: 0, 1, 2, 3, 4, 5 in shape [2, 3]."""
    ramp = torch.arange(6).view(2, 3)
    return {
        "bool": ramp > 2,
        "u8": ramp.to(torch.uint8),
        "i8": ramp.to(torch.int8),
        "f8_e5m2": ramp.to(torch.float8_e5m2),
        "f8_e4m3": ramp.to(torch.float8_e4m3fn),
        "f8_e4m3fnuz": ramp.to(torch.float8_e4m3fnuz),
        "f8_e5m2fnuz": ramp.to(torch.float8_e5m2fnuz),
        "i16": ramp.to(torch.int16),
        "u16": ramp.to(torch.uint16),
        "f16": ramp.half(),
        "bf16": ramp.bfloat16(),
        "i32": ramp.int(),
        "u32": ramp.to(torch.uint32),
        "f32": ramp.float(),
        "c64": ramp.to(torch.complex64),
        "f64": ramp.double(),
        "i64": ramp,
        "u64": ramp.to(torch.uint64),
    }


def odd():
    """Scalars, empty tensors, special values, names that need escaping."""
    special = [0.0, -0.0, 1 / 3, -65504.0, 6e-8, float("inf"), float("-inf"), float("nan")]
    return {
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 3),
        "special.f32": torch.tensor(special),
        "special.f64": torch.tensor(special, dtype=torch.float64),
        "special.f16": torch.tensor(special).half(),
        "special.bf16": torch.tensor(special).bfloat16(),
        'é"\\\n\x01\u2028<&>': torch.tensor([7], dtype=torch.int64),
    }


class Small(torch.nn.Module):
    """A tied weight, a buffer, a bias."""

    def __init__(self):
        super().__init__()
        self.embed = torch.nn.Embedding(4, 3)
        self.head = torch.nn.Linear(3, 4)
        self.register_buffer("position_ids", torch.arange(5).expand((1, -1)))
        with torch.no_grad():
            self.embed.weight.copy_(torch.arange(12).view(4, 3) / 4)
            self.head.bias.copy_(torch.arange(4))
        self.head.weight = self.embed.weight


def checkpoints():
    torch.save(Small().state_dict(), HERE / "pytorch_model.bin")
    ramp = torch.arange(24).float()
    views = {
        "transposed": ramp.view(2, 3, 4).permute(2, 0, 1),
        "slice": ramp.view(6, 4)[2:4, 1:3],
        "parameter": torch.nn.Parameter(ramp[3:5]),
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 2),
        "one": ramp.view(24, 1)[::24],
    }
    views |= {n: t for n, t in dtypes().items() if n in "bool u8 i8 i16 f16 bf16 i32 f32 c64 f64 i64".split()}
    torch.save(views, HERE / "views.bin")
    torch.save({"epoch": 3, "state_dict": Small().state_dict()}, HERE / "nested.bin")
    torch.save(Small(), HERE / "module.bin")
    torch.save({"expanded": torch.ones(1).expand(1000)}, HERE / "expanded.bin")
    # Names its storage by an address: this one file differs from run to run.
    torch.save({"w": ramp}, HERE / "legacy.bin", _use_new_zipfile_serialization=False)


def sharded():
    state = {f"layer.{i}.weight": torch.full((4, 4), float(i)) for i in range(5)}
    for folder, safe in ("sharded", True), ("sharded_bin", False):
        (HERE / folder).mkdir(exist_ok=True)
        save_torch_state_dict(state, HERE / folder, max_shard_size=130, safe_serialization=safe)


def verdicts():
    """Headers, right and wrong, and whether the reference implementation takes them."""
    good = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
    tensor = '{"a":{"dtype":"%s","shape":%s,"data_offsets":%s}}'
    cases = [
        ("one tensor", '{"a":%s}' % good, 4),
        ("no tensor", "{}", 0),
        ("no header", "", 0),
        ("spaces after the header", '{"a":%s}   ' % good, 4),
        ("a space before the header", ' {"a":%s}' % good, 4),
        ("a zero byte after the header", '{"a":%s}\0' % good, 4),
        ("two headers", '{"a":%s}{}' % good, 4),
        ("a byte order mark", "\ufeff{}", 0),
        ("not JSON", "{a}", 0),
        ("cut JSON", '{"a":', 4),
        ("a comma too many", '{"a":%s,}' % good, 4),
        ("an array", "[]", 0),
        ("a null tensor", '{"a":null}', 0),
        ("a tensor as an array", '{"a":["F32",[1],[0,4]]}', 4),
        ("an unknown field", '{"a":{"x":{"y":[]},"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
        ("a name twice", '{"a":%s,"a":%s}' % (good, good), 4),
        ("a field twice", '{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
        ("an empty name", '{"":%s}' % good, 4),
        ("half a surrogate pair", '{"\\ud800":%s}' % good, 4),
        ("not UTF-8", b'{"\xff":' + good.encode() + b"}", 4),
        ("metadata", '{"__metadata__":{"format":"pt"},"a":%s}' % good, 4),
        ("metadata last", '{"a":%s,"__metadata__":{"format":"pt"}}' % good, 4),
        ("metadata that is null", '{"__metadata__":null,"a":%s}' % good, 4),
        ("metadata of numbers", '{"__metadata__":{"x":1},"a":%s}' % good, 4),
        ("metadata in metadata", '{"__metadata__":{"x":{}},"a":%s}' % good, 4),
        ("metadata twice", '{"__metadata__":{},"__metadata__":{},"a":%s}' % good, 4),
        ("a metadata key twice", '{"__metadata__":{"x":"1","x":"2"},"a":%s}' % good, 4),
        ("a tensor called __metadata__", '{"__metadata__":%s}' % good, 4),
        ("a scalar", tensor % ("F32", "[]", "[0,4]"), 4),
        ("an empty tensor", tensor % ("F32", "[0]", "[0,0]"), 0),
        ("two empty tensors", '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}', 0),
        ("an empty tensor after another", '{"a":%s,"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}' % good, 4),
        ("an empty tensor inside another", '{"a":%s,"b":{"dtype":"F32","shape":[0],"data_offsets":[2,2]}}' % good, 4),
        ("two tensors in any order", '{"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]},"a":%s}' % good, 6),
        ("an unknown dtype", tensor % ("F31", "[1]", "[0,4]"), 4),
        ("a lower-case dtype", tensor % ("f32", "[1]", "[0,4]"), 4),
        ("a packed dtype", tensor % ("F4", "[2]", "[0,1]"), 1),
        ("a field in capitals", '{"a":{"DTYPE":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
        ("no shape", '{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4),
        ("a null shape", tensor % ("F32", "null", "[0,4]"), 4),
        ("no data_offsets", '{"a":{"dtype":"F32","shape":[0]}}', 0),
        ("one data offset", tensor % ("F32", "[1]", "[0]"), 4),
        ("three data offsets", tensor % ("F32", "[1]", "[0,4,4]"), 4),
        ("a negative size", tensor % ("F32", "[-1]", "[0,4]"), 4),
        ("a negative zero", tensor % ("F32", "[-0]", "[0,0]"), 0),
        ("a size with a fraction", tensor % ("F32", "[1.0]", "[0,4]"), 4),
        ("a size with an exponent", tensor % ("F32", "[1e0]", "[0,4]"), 4),
        ("a size in quotes", tensor % ("F32", '["1"]', "[0,4]"), 4),
        ("a null size", tensor % ("F32", "[null]", "[0,0]"), 0),
        ("a size over 2^64", tensor % ("F32", "[18446744073709551616]", "[0,4]"), 4),
        ("a size over 2^63 times 0", tensor % ("F32", "[0,18446744073709551615]", "[0,0]"), 0),
        ("sizes that overflow", tensor % ("F32", "[4294967296,4294967296]", "[0,0]"), 0),
        ("sizes that overflow, then 0", tensor % ("F32", "[9223372036854775807,4,0]", "[0,0]"), 0),
        ("0, then sizes that would overflow", tensor % ("F32", "[0,9223372036854775807,4]", "[0,0]"), 0),
        ("bytes that overflow", tensor % ("F32", "[4611686018427387904]", "[0,0]"), 0),
        ("a hole before", tensor % ("F32", "[1]", "[4,8]"), 8),
        ("a hole between", '{"a":%s,"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}' % good, 12),
        ("an overlap", '{"a":%s,"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}' % good, 6),
        ("the same data twice", '{"a":%s,"b":%s}' % (good, good), 4),
        ("offsets backwards", tensor % ("F32", "[1]", "[4,0]"), 4),
        ("a shape too large for its offsets", tensor % ("F32", "[2]", "[0,4]"), 4),
        ("a shape too small for its offsets", tensor % ("F32", "[1]", "[0,8]"), 8),
        ("bytes after the last tensor", '{"a":%s}' % good, 5),
        ("data cut short", '{"a":%s}' % good, 3),
        ("data without tensors", "{}", 1),
        ("offsets past 2^63", tensor % ("U8", "[1]", "[9223372036854775808,9223372036854775809]"), 1),
    ]
    files = [(about, framed(h if isinstance(h, bytes) else h.encode(), n)) for about, h, n in cases]
    files += [
        ("an empty file", b""),
        ("seven bytes", b"\x02\0\0\0\0\0\0"),
        ("a length without a header", b"\x02\0\0\0\0\0\0\0"),
        ("a length past the end", struct.pack("<Q", 3) + b"{}"),
        ("a length over the limit", struct.pack("<Q", 100_000_001) + b"{}"),
        ("a length of 2^63", struct.pack("<Q", 1 << 63) + b"{}"),
        ("a length of 2^64-1", b"\xff" * 8 + b"{}"),
    ]
    with open(HERE / "verdicts.json", "w") as f:
        json.dump([verdict(*c) for c in files], f, indent=0)
        f.write("\n")


def framed(header, data):
    return struct.pack("<Q", len(header)) + header + bytes(data)


def verdict(about, file):
    try:
        deserialize(file)
        taken = True
    except SafetensorError:
        taken = False
    return {"about": about, "file": base64.b64encode(file).decode(), "taken": taken}


if __name__ == "__main__":
    save_file(dtypes(), HERE / "dtypes.safetensors", {"format": "pt"})
    save_file(odd(), HERE / "odd.safetensors")
    checkpoints()
    sharded()
    verdicts()
