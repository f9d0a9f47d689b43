"""Measures notebook kernels side by side and prints a table: compare.py [KERNEL...]

All do the same work in their own language. Of the figures that depend on what else the machine does, the median or the
best is shown, as the table says.
"""
import statistics
import sys

from kernel import Kernel

GO = {
    "setup": 'import ("fmt"; "time")',
    "sum": "1+1",
    "variable": "x{0} := {0}",
    "megabytes": 'for i := 0; i < 10000; i++ { fmt.Printf("%01023d\\n", i) }',
    "lines": "for i := 0; i < 50000; i++ { fmt.Println(i) }",
    "loop": 'fmt.Println("on"); for { }',
    "sleep": 'fmt.Println("on"); time.Sleep(time.Hour)',
    "channel": 'fmt.Println("on"); <-make(chan int)',
}
PYTHON = {
    "setup": "import time, threading",
    "sum": "1+1",
    "variable": "x{0} = {0}",
    "megabytes": "for i in range(10000): print('%01023d' % i)",
    "lines": "for i in range(50000): print(i)",
    "loop": "print('on', flush=True)\nwhile True: pass",
    "sleep": "print('on', flush=True)\ntime.sleep(3600)",
    "channel": "print('on', flush=True)\nthreading.Event().wait()",
}
CELLS = {"paperlab": GO, "gophernotes": GO, "ipykernel": PYTHON}


def start(name):
    seconds = []
    for _ in range(10):
        with Kernel(name) as kernel:
            seconds.append(kernel.ready)
    return f"{1e3 * statistics.median(seconds):.0f} ms"


def sums(name):
    with Kernel(name) as kernel:
        seconds = [kernel.run(CELLS[name]["sum"])[0] for _ in range(220)][20:]
    return f"{1e3 * statistics.median(seconds):.2f} ms"


def output(cell, characters):
    def measure(name):
        runs = []
        with Kernel(name) as kernel:
            kernel.run(CELLS[name]["setup"])
            for _ in range(3):
                seconds, published = kernel.run(CELLS[name][cell])
                texts = [content["text"] for kind, content in published if kind == "stream"]
                if sum(map(len, texts)) != characters:
                    raise RuntimeError(f"{sum(map(len, texts)):,} of {characters:,} characters arrived")
                runs.append((seconds, len(texts)))
        seconds, messages = min(runs)
        return f"{seconds:.2f} s, {messages:,} messages"
    return measure


def interrupt(cell):
    def measure(name):
        with Kernel(name) as kernel:
            kernel.run(CELLS[name]["setup"])
            return f"{1e3 * statistics.median(kernel.interrupt(CELLS[name][cell]) for _ in range(5)):.1f} ms"
    return measure


def memory(name):
    with Kernel(name) as kernel:
        kernel.run(CELLS[name]["setup"])
        before = kernel.megabytes()
        for i in range(100):
            kernel.run(CELLS[name]["variable"].format(i))
        return f"{before:.0f} MB, {kernel.megabytes():.0f} MB"


MEASUREMENTS = {
    "start to the answer to kernel_info_request, median of 10": start,
    "`1+1` there and back, median of 200": sums,
    "10 MB of output, best of 3": output("megabytes", 10_240_000),
    "50,000 lines, best of 3": output("lines", 288_890),
    "interrupt of an endless loop, median of 5": interrupt("loop"),
    "interrupt of a sleep": interrupt("sleep"),
    "interrupt of a blocked channel (Python: an event)": interrupt("channel"),
    "resident memory after the first cell, and 100 later": memory,
}


def attempt(measure, name):
    try:
        return measure(name)
    except RuntimeError as error:
        return str(error)


names = sys.argv[1:] or list(CELLS)
print("| measured |", " | ".join(names), "|")
print("| --- |" + " --- |" * len(names))
for what, measure in MEASUREMENTS.items():
    print(f"| {what} |", " | ".join(attempt(measure, name) for name in names), "|", flush=True)
