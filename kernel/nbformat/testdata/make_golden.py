"""Makes the goldens of this folder with Jupyter's own package.

Python 3.11, nbformat 5.10.4:  python -m venv V && V/bin/pip install nbformat==5.10.4 && V/bin/python make_golden.py

roundtrip/NAME.in.ipynb   a notebook as some program might write it
roundtrip/NAME.out.ipynb  the same, read and written by nbformat
verdicts.json             a valid notebook, and changes to it with whether nbformat still calls it valid; a change
                          puts a value at a path, or removes what is there
"""

import copy
import json
import pathlib
import warnings

import nbformat
from nbformat.validator import ValidationError, validate

here = pathlib.Path(__file__).parent
warnings.simplefilter("ignore")


def code(source="", outputs=(), **more):
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "execution_count": None, "metadata": {}, **more}


def notebook(*cells, minor=5, **more):
    cells = [dict(cell) for cell in cells]
    if minor >= 5:
        for i, cell in enumerate(cells):
            cell.setdefault("id", f"cell-{i}")
    return {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": cells, **more}


every_output = code(
    ["a := 1\n", "a"],
    [
        {"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"},
        {"output_type": "stream", "name": "stderr", "text": ["three\n", "four"]},
        {
            "output_type": "display_data",
            "metadata": {"image/png": {"width": 1.0}},
            "data": {
                "image/png": "iVBORw0KGgo=\n",
                "image/svg+xml": "<svg>\n</svg>",
                "text/html": ["<b>\n", "</b>"],
                "text/plain": "",
                "application/javascript": "a()\nb()",
                "application/json": {"b": [1, 2.50, -1e-07], "a": ["x\n", "y"]},
                "application/vnd.vega.v5+json": ["left\n", "alone"],
                "application/x-own": ["joined\n", "for good"],
            },
        },
        {"output_type": "execute_result", "execution_count": 3, "metadata": {}, "data": {"text/plain": "1"}},
        {"output_type": "error", "ename": "panic", "evalue": "a\nb", "traceback": ["\u001b[31mred\u001b[0m", "line 2\n"]},
    ],
    execution_count=3,
    metadata={"collapsed": False, "scrolled": "auto", "tags": ["b", "a"], "execution": {"iopub.status.busy": "2024-01-01T00:00:00Z"}},
)

roundtrip = {
    "outputs": notebook(every_output, metadata={"language_info": {"name": "go"}, "kernelspec": {"name": "gophernotes", "display_name": "Go"}}),
    "lines": notebook(
        code("a\r\nb\rc\n\nd\x0be\x0cf\x1cg\x1dh\x1ei\x85j\u2028k\u2029l\n"),
        code("no end"),
        code(""),
        code(["cut ", "within a line\nand ", "across\n", ""]),
    ),
    "characters": notebook(
        {"cell_type": "markdown", "metadata": {}, "source": 'é ü 日本 😀 <a href="x">&amp;</a> \\ / \t \b \x00 \x1f \x7f \u00a0 \ufeff \u200b'},
        code("x", metadata={"é": 1, "z": 2, "Z": 3, "\U0001f600": 4, "\uffff": 5, "": 6}),
    ),
    "attachments": notebook(
        {"cell_type": "markdown", "metadata": {}, "source": "![](a.png)", "attachments": {"a.png": {"image/png": "AAAA"}, "b.txt": {"text/plain": "1\n2\n"}}},
        {"cell_type": "raw", "metadata": {"format": "text/latex"}, "source": "\\LaTeX\n"},
    ),
    "metadata": notebook(
        code("x", metadata={"trusted": True, "deep": {"list": [], "object": {}, "null": None, "flag": True, "n": [0, -0.0, 1e300, 123456789012345678901234567890]}}),
        metadata={"signature": "sha256:0", "orig_nbformat": 3, "orig_nbformat_minor": 0, "title": "T", "authors": [{"name": "A"}]},
    ),
    "unknown": notebook(
        code("x", [{"output_type": "stream", "name": "stdout", "text": "", "later": [1]}], later={"a": 1}),
        later=["kept"],
    ),
    "empty": notebook(),
    "minor0": notebook(code("x"), minor=0),
    "minor4": notebook(code("x"), {"cell_type": "markdown", "metadata": {}, "source": "# T"}, minor=4),
}

(here / "roundtrip").mkdir(exist_ok=True)
for name, nb in roundtrip.items():
    text = json.dumps(nb)
    (here / "roundtrip" / f"{name}.in.ipynb").write_text(text, encoding="utf-8")
    read = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.write(read, here / "roundtrip" / f"{name}.out.ipynb")

good = notebook(every_output, {"cell_type": "markdown", "metadata": {}, "source": "t", "attachments": {}}, {"cell_type": "raw", "metadata": {}, "source": []})
changes = []


def case(name, *path, **change):
    """Notes what nbformat says of a copy of good in which the place at path has the value given, or is gone."""
    nb = copy.deepcopy(good)
    place = nb
    for step in path[:-1]:
        place = place[step]
    if "value" in change:
        place[path[-1]] = change["value"]
    else:
        del place[path[-1]]
    try:
        validate(nb, repair_duplicate_cell_ids=False)
        valid = True
    except (ValidationError, KeyError, TypeError, AttributeError):
        valid = False
    changes.append({"name": name, "valid": valid, "path": path, **change})


for field in ["metadata", "nbformat_minor", "cells"]:
    case(f"no {field}", field)
for value in [1, [], "x", None]:
    case(f"metadata is {value!r}", "metadata", value=value)
    case(f"cells is {value!r}", "cells", value=value)
case("a cell is a text", "cells", 1, value="x")
case("kernelspec without a display name", "metadata", "kernelspec", value={"name": "x"})
case("kernelspec is a text", "metadata", "kernelspec", value="x")
case("language_info without a name", "metadata", "language_info", value={})
case("language_info with a mode of its own", "metadata", "language_info", value={"name": "go", "codemirror_mode": {"name": "go"}})
case("language_info with a number for a mode", "metadata", "language_info", value={"name": "go", "codemirror_mode": 1})
case("a title that is a number", "metadata", "title", value=1)
case("authors that are a text", "metadata", "authors", value="A")
for i, cell in enumerate(["code", "markdown", "raw"]):
    for field in ["id", "cell_type", "metadata", "source"]:
        case(f"{cell} cell without {field}", "cells", i, field)
        case(f"{cell} cell with a number for {field}", "cells", i, field, value=1)
    case(f"{cell} cell with a list of numbers for source", "cells", i, "source", value=["a", 1])
    for id in ["", "a b", "a" * 64, "a" * 65, "é", "A-_9", None]:
        case(f"{cell} cell with id {id!r}", "cells", i, "id", value=id)
    for tags in [[], ["a", "b"], ["a", "a"], ["a,b"], [""], "a", [1]]:
        case(f"{cell} cell with tags {tags!r}", "cells", i, "metadata", value={"tags": tags})
    for value in ["n", "", "a\nb", 1]:
        case(f"{cell} cell with name {value!r}", "cells", i, "metadata", value={"name": value})
    case(f"{cell} cell with jupyter as a text", "cells", i, "metadata", value={"jupyter": "x"})
case("an unknown type of cell", "cells", 0, "cell_type", value="heading")
case("two cells with one id", "cells", 1, "id", value="cell-0")
for field in ["outputs", "execution_count"]:
    case(f"code cell without {field}", "cells", 0, field)
    case(f"code cell with a text for {field}", "cells", 0, field, value="1")
    case(f"code cell with null for {field}", "cells", 0, field, value=None)
for value in [0, -1, 1.5, 1.0, True]:
    case(f"execution count {value!r}", "cells", 0, "execution_count", value=value)
for metadata in [{"collapsed": 1}, {"scrolled": "yes"}, {"scrolled": True}, {"execution": {"a": 1}}, {"execution": 1}]:
    case(f"code cell with metadata {metadata!r}", "cells", 0, "metadata", value=metadata)
case("raw cell with a number for format", "cells", 2, "metadata", value={"format": 1})
case("an attachment that is a text", "cells", 1, "attachments", value={"a": "x"})
case("an attachment with a number for data", "cells", 1, "attachments", value={"a": {"image/png": 1}})
case("attachments that are a list", "cells", 1, "attachments", value=[])
for i, fields in enumerate([
    ["output_type", "name", "text"],
    [],
    ["output_type", "data", "metadata"],
    ["output_type", "data", "metadata", "execution_count"],
    ["output_type", "ename", "evalue", "traceback"],
]):
    for field in fields:
        case(f"output {i} without {field}", "cells", 0, "outputs", i, field)
        case(f"output {i} with a number for {field}", "cells", 0, "outputs", i, field, value=1)
        case(f"output {i} with an object for {field}", "cells", 0, "outputs", i, field, value={})
case("an unknown type of output", "cells", 0, "outputs", 0, "output_type", value="pyout")
case("an output that is a text", "cells", 0, "outputs", 0, value="x")
case("a number as JSON data", "cells", 0, "outputs", 2, "data", value={"application/json": 1, "application/x+json": None})
case("a number as text data", "cells", 0, "outputs", 2, "data", value={"text/plain": 1})
case("a number in a traceback", "cells", 0, "outputs", 4, "traceback", value=["a", 1])

verdicts = ",\n".join(json.dumps(change, ensure_ascii=False) for change in changes)
text = f'{{"notebook": {json.dumps(good)},\n"changes": [\n{verdicts}\n]}}\n'
(here / "verdicts.json").write_text(text, encoding="utf-8")
