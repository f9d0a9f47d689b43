"""What all peers share: the best of several timings, printed as one JSON line."""
import json
import time


def best(work, rounds, units=1, answer=None):
    """Runs work once to warm up, then rounds times. Prints the seconds that one of work's units took in the fastest round, the peak
    memory of this process in MiB, and the numbers that answer returns."""
    work()
    fastest = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - begin)
    print(json.dumps({"seconds": fastest / units, "peak_mb": peak_mb(), "answer": answer() if answer else []}))


def peak_mb():
    """The peak resident set of this process. (That of getrusage begins with what the parent had when it started it.)"""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024


def lines(path):
    """The values of a file of JSON lines."""
    with open(path) as file:
        return [json.loads(line) for line in file]
