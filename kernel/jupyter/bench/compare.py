"""Measures notebook kernels side by side and prints a table: compare.py [KERNEL...]

All do the same work in their own language. Of the figures that depend on what else the machine does, the median or the
best is shown, as the table says.
"""
import statistics
import sys

from kernel import Kernel

GO = {
    "setup": 'import ("fmt"; "sync"; "time")',
    "sum": "1+1",
    "variable": "x{0} := {0}",
    "megabytes": 'for i := 0; i < 10000; i++ { fmt.Printf("%01023d\\n", i) }',
    "lines": "for i := 0; i < 50000; i++ { fmt.Println(i) }",
    "loop": 'fmt.Println("on"); for { }',
    "sleep": 'fmt.Println("on"); time.Sleep(time.Hour)',
    "channel": 'fmt.Println("on"); <-make(chan int)',
    "lock": 'var mu sync.Mutex; mu.Lock(); fmt.Println("on"); mu.Lock()',
}
# What only Paperlab's kernel can do: a training of a small T5 that would last for hours, and tells when it is under way.
TRAINING = {
    "setup": """
        import ("context"; "fmt"; "os"; "paperlab/lib/corpus"; "paperlab/lib/summarize"; "paperlab/lib/t5"; "paperlab/lib/tensor"; "paperlab/lib/train")
        papers := make([]corpus.Paper, 64)
        for i := range papers {
            papers[i] = corpus.Paper{Article: fmt.Sprint("package number ", i, " reads and writes files of many kinds"), Abstract: "reads files"}
        }
        tokenizer := must(summarize.TrainTokenizer(ctx, papers, 40))
        model := must(summarize.New(must(t5.Named("t5-tiny")), tokenizer, tensor.CPU, 1))
        examples := must(model.Examples(ctx, papers, t5.Preparation{MaxInput: 128, MaxTarget: 32}))
        folder := must(os.MkdirTemp("", "interrupt"))
        under_way := func(ctx context.Context, e train.Event) error {
            if _, ok := e.(train.Logged); ok { fmt.Println("on") }
            return nil
        }""",
    "interrupted": """
        model.Train(ctx, examples, examples, train.Config{
            Output: folder, SaveLimit: 1, LogEvery: 3, Epochs: 100000, BatchSize: 4, LearningRate: 1e-3}, under_way)""",
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
    "lock": "print('on', flush=True)\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
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


def training(name):
    if name != "paperlab":
        return "-"
    with Kernel(name) as kernel:
        kernel.run(TRAINING["setup"])
        return f"{1e3 * statistics.median(kernel.interrupt(TRAINING['interrupted']) for _ in range(5)):.1f} ms"


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
    "interrupt of a wait for a mutex": interrupt("lock"),
    "interrupt of a training, checkpoint saved": training,
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
