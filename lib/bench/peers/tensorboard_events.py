"""Event files by TensorBoard: tensorboard_events.py INPUTS write|read. The seconds are those of one of 100,000 scalars."""
import sys
import tempfile
import time

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from measure import best

folder, what = sys.argv[1:]
many = 100_000


def write(to):
    writer = EventFileWriter(to)
    for step in range(many):
        summary = Summary(value=[Summary.Value(tag="loss", simple_value=step % 8 / 4)])
        writer.add_event(Event(wall_time=time.time(), step=step, summary=summary))
    writer.close()


if what == "write":
    best(lambda: write(tempfile.mkdtemp(dir=folder)), 3, units=many)
else:
    files = tempfile.mkdtemp(dir=folder)
    write(files)
    answer = []

    def read():
        accumulator = EventAccumulator(files, size_guidance={"scalars": 0})
        accumulator.Reload()
        scalars = accumulator.Scalars("loss")
        answer[:] = [len(scalars), sum(scalar.value for scalar in scalars)]

    # One point of the series, or all of it, whichever a row counts.
    best(read, 3, units=many if what == "read" else 1, answer=lambda: answer)
