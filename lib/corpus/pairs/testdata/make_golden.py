"""Makes clean.json: what Python's re makes of real papers, of every white-space character and of odd texts.

Pinned: Python 3.11 (unicodedata 14.0.0), standard library only.

    PAPERLAB_DATA=/path/to/data python make_golden.py
"""

import hashlib
import json
import os
import pathlib
import random
import re
import sys


def clean(text):
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\n", " ", text)
    text = re.sub(r"[^a-zA-Z0-9,.?!:;()\-]", " ", text)
    return text.strip()


def digest(path):
    """sha256 over title, line feed, abstract, line feed of every record, cleaned."""
    total = hashlib.sha256()
    for line in path.open(encoding="utf-8"):
        record = json.loads(line)
        for field in ("title", "abstract"):
            total.update(clean(record[field] or "").encode() + b"\n")
    return total.hexdigest()


def odd_texts(rng):
    alphabet = "ab Z09,.?!:;()-_$\\^[]\"'" + " \n\t\r\v\f\x1c\x1f\x85\xa0\u2003\u2028\u200b\u3000\ufeff" + "éß日🙂\0\ufffd"
    for _ in range(100):
        yield "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 30)))


def main():
    data = pathlib.Path(os.environ["PAPERLAB_DATA"])
    files = sorted(p for folder in data.glob("arxiv-*") for p in folder.glob("*.json*"))
    golden = {
        "spaces": [c for c in range(sys.maxunicode + 1) if re.fullmatch(r"\s", chr(c))],
        "texts": [[text, clean(text)] for text in odd_texts(random.Random(42))],
        "files": {str(p.relative_to(data)): digest(p) for p in files},
    }
    (pathlib.Path(__file__).parent / "clean.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
