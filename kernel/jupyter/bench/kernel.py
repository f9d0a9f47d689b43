"""A running notebook kernel with a client of the Jupyter protocol, for measurements."""
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

root = Path(__file__).resolve().parents[3]


def specification(name):
    """What kernel.json says of a kernel."""
    if name == "paperlab":
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([root / ".build/bin/paperlab", "kernel", "install", "--prefix", folder], check=True, stdout=subprocess.DEVNULL)
            return json.loads((Path(folder) / "share/jupyter/kernels/paperlab/kernel.json").read_text())
    return {
        "ipykernel": {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]},
        # With the Go of today before it, it panics at its start.
        "gophernotes": {"argv": [root / ".build/gophernotes/gophernotes", "{connection_file}"], "env": {"GOROOT": "/nonexistent"}},
    }[name]


class Kernel:
    """A kernel started as its specification says, and ready: it answers kernel_info_request. To be used in a with statement, which ends it."""

    def __init__(self, name):
        spec = specification(name)
        self.mode = spec.get("interrupt_mode", "signal")
        self.file, ports = write_connection_file()
        argv = [str(part).format(connection_file=self.file) for part in spec["argv"]]
        begin = time.perf_counter()
        self.process = subprocess.Popen(argv, env=os.environ | spec.get("env", {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # ZeroMQ tries again only every 100 ms when it connects in vain.
        for channel in ("iopub_port", "shell_port", "control_port", "stdin_port", "hb_port"):
            self.wait_for(ports[channel])
        self.client = BlockingKernelClient(connection_file=self.file)
        self.client.load_connection_file()
        self.client.start_channels()
        self.reply(self.client.kernel_info())
        self.ready = time.perf_counter() - begin
        self.wait_for_subscription()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.process.kill()
        self.process.wait()
        os.remove(self.file)

    def wait_for(self, port):
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"the kernel ended with status {self.process.returncode}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.001)

    def wait_for_subscription(self):
        """What a kernel publishes before it has heard of the client's subscription is lost."""
        while True:
            try:
                return self.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                self.reply(self.client.kernel_info())

    def reply(self, request):
        """What the kernel answers to a request on the shell channel. It must come within a minute, from a living kernel."""
        for _ in range(600):
            try:
                message = self.client.get_shell_msg(timeout=0.1)
            except queue.Empty:
                if self.process.poll() is not None:
                    raise RuntimeError("the kernel died") from None
                continue
            if message["parent_header"].get("msg_id") == request:
                return message["content"]
        raise RuntimeError("no answer within a minute")

    def outputs(self, request):
        """Yields what a cell publishes, until the kernel is idle again."""
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return
            yield message["msg_type"], message["content"]

    def run(self, cell):
        """Runs a cell, which must succeed, to its end. Returns the seconds that it took and what it published."""
        begin = time.perf_counter()
        request = self.client.execute(cell)
        reply = self.reply(request)
        published = list(self.outputs(request))
        seconds = time.perf_counter() - begin
        if reply["status"] != "ok":
            raise RuntimeError(f"{cell}: {reply}")
        return seconds, published

    def interrupt(self, cell):
        """Runs a cell that prints and then never ends, and interrupts it. Returns the seconds from there to the cell's end."""
        request = self.client.execute(cell)
        for kind, _ in self.outputs(request):
            if kind == "stream":
                break
        begin = time.perf_counter()
        if self.mode == "message":
            self.client.control_channel.send(self.client.session.msg("interrupt_request", {}))
        else:
            self.process.send_signal(signal.SIGINT)
        self.reply(request)
        return time.perf_counter() - begin

    def megabytes(self):
        """The resident memory of the kernel's processes, in MiB."""
        process = psutil.Process(self.process.pid)
        return sum(p.memory_info().rss for p in [process, *process.children(recursive=True)]) / 2**20
