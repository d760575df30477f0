"""Python's logging with boto3, by hand: the peer for compare.

A handler formats each record as JSON and gives it to a thread, which fills
batches to the service's limits and sends them one after another, as the
handlers that people use do. The load comes as JSON in the first argument, the
result goes to standard output, as in load.go.
"""

import json
import logging
import queue
import random
import sys
import threading
import time

import boto3
from botocore.config import Config

MESSAGE = "order taken and handed to the printers"


class Sender(threading.Thread):
    """Sends what is put into its queue; None ends it."""

    def __init__(self, client):
        super().__init__()
        self.client, self.queue, self.sent = client, queue.Queue(maxsize=60_000), 0

    def run(self):
        batch, size = [], 0
        while (item := self.queue.get()) is not None:
            length = len(item["message"].encode()) + 26
            if size + length > 1048576 or len(batch) == 10_000:
                self.send(batch)
                batch, size = [], 0
            batch.append(item)
            size += length
        if batch:
            self.send(batch)

    def send(self, batch):
        batch.sort(key=lambda e: e["timestamp"])
        self.client.put_log_events(logGroupName="bench", logStreamName="bench", logEvents=batch)
        self.sent += len(batch)


class Handler(logging.Handler):
    def __init__(self, sender):
        super().__init__()
        self.sender = sender

    def emit(self, record):
        text = json.dumps({
            "time": record.created, "level": record.levelname, "source": {"file": record.pathname, "line": record.lineno},
            "msg": record.getMessage(), "service": "checkout", "version": 7, "request": record.request,
        })
        self.sender.queue.put({"timestamp": int(record.created * 1000), "message": text})


def peak_rss():
    """What the kernel has for this program, in bytes; getrusage's figure can be that of the program which started it."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def main():
    load = json.loads(sys.argv[1])
    records, rate = load["Records"], load["Rate"]
    client = boto3.client("logs", endpoint_url=load["API"], region_name="us-east-1", config=Config(retries={"max_attempts": 5}))
    sender = Sender(client)
    sender.start()
    log = logging.getLogger("bench")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.addHandler(Handler(sender))
    rand = random.Random(1)
    traces = ["%032x" % rand.getrandbits(128) for _ in range(4096)]
    waits = []

    def one(i):
        log.info(MESSAGE, extra={"request": {
            "method": "GET", "status": 200 + i % 7, "took": i % 1_000_003 * 1000, "cached": i % 3 == 0, "trace_id": traces[i % 4096]}})

    def many(start, stop, rate):
        begin = time.perf_counter()
        i = start
        while i < stop:
            due = stop if not rate else min(stop, start + int((time.perf_counter() - begin) * rate))
            while i < due:
                if rate:
                    t = time.perf_counter_ns()
                    one(i)
                    waits.append(time.perf_counter_ns() - t)
                else:
                    one(i)
                i += 1
            if rate:
                time.sleep(0.001)

    n = max(1, load["Goroutines"])
    cpu, begin = time.process_time(), time.perf_counter()
    threads = [threading.Thread(target=many, args=(records * g // n, records * (g + 1) // n, rate / n)) for g in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    called = time.perf_counter()
    sender.queue.put(None)
    sender.join()
    result = {
        "CallSeconds": called - begin, "CloseSeconds": time.perf_counter() - called, "CPUSeconds": time.process_time() - cpu,
        "PeakRSS": peak_rss(), "Accepted": records, "Delivered": sender.sent,
    }
    if waits:
        waits.sort()
        at = lambda q: waits[int(q * (len(waits) - 1))]
        result |= {"P50": at(0.5), "P99": at(0.99), "P999": at(0.999), "Max": at(1)}
    print(json.dumps(result))


main()
