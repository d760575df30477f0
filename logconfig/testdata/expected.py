"""What Python's own logging writes for the configurations beside this file.

Run by hand, where PyYAML is installed:  python3 expected.py > expected.json

The records are those of records in expected_test.go. The CloudWatch handler is
replaced by one that keeps what the real one would send: the formatted message,
with the formatter that watchtower has when there is none, and the log stream.
"""

import json
import logging
import logging.config
import os
import sys
import tempfile
import time
import types

import yaml

os.environ["TZ"] = "UTC"
time.tzset()

HERE = os.path.dirname(os.path.abspath(__file__))
CREATED = 946684801.25  # 2000-01-01T00:00:01.25Z, the beginning of a testing/synctest bubble

# logger, level, message; one second after the other
RECORDS = [
    ("root", logging.DEBUG, "starting"),
    ("app", logging.INFO, "100 % ready: é 日本"),
    ("app.db", logging.DEBUG, "not logged: the level is INFO"),
    ("app.db", logging.INFO, "connected"),
    ("app.db.pool", logging.WARNING, "slow\nover two lines"),
    ("django", logging.INFO, "GET / 200"),
    ("django.request", logging.ERROR, "boom"),
    ("watchtower-logger", logging.DEBUG, "below the handler's level"),
    ("watchtower-logger", logging.CRITICAL, "the end"),
    ("other", logging.ERROR, "trailing space "),
]


class Capture(logging.Handler):
    sent = []

    def __init__(self, stream_name=None, log_stream_name=None, **kwargs):
        super().__init__()
        self.stream = stream_name or log_stream_name
        self.sent = Capture.sent

    def emit(self, record):
        if record.msg == "":
            return
        stream = self.stream.replace("{logger_name}", record.name)
        stream = stream.replace("{strftime:%y-%m-%d}", "00-01-01")
        self.sent.append([stream, record.levelno, self.format(record)])


watchtower = types.ModuleType("watchtower")
watchtower.CloudWatchLogHandler = Capture
sys.modules["watchtower"] = watchtower


def run(name):
    with open(os.path.join(HERE, name)) as f:
        config = yaml.safe_load(f)
    Capture.sent = []
    logging.root.manager.loggerDict.clear()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        os.chdir(folder)
        for h in config["handlers"].values():  # sys.stdout without ext:// is a text, which no stream is
            if h.get("stream") == "sys.stdout":
                h["stream"] = "ext://sys.stdout"
        stdout, stderr, sys.stdout, sys.stderr = sys.stdout, sys.stderr, out, err
        try:
            logging.config.dictConfig(config)
            for i, (logger, level, message) in enumerate(RECORDS):
                log = logging.getLogger(None if logger == "root" else logger)
                if not log.isEnabledFor(level):
                    continue
                record = log.makeRecord(log.name, level, "app.py", 1, message, (), None)
                record.created, record.msecs = CREATED + i, 250.0
                log.handle(record)
        finally:
            sys.stdout, sys.stderr = stdout, stderr
        files = {}
        logging.shutdown()
        for file in sorted(os.listdir(folder)):
            with open(os.path.join(folder, file), newline="") as f:
                files[file] = f.read()
        out.seek(0)
        err.seek(0)
        result = {"stdout": out.read(), "stderr": err.read(), "files": files, "sent": Capture.sent}
        os.chdir(HERE)
    return result


json.dump({n: run(n) for n in ("app.yaml", "console.yaml", "django.json")}, sys.stdout, indent=1, ensure_ascii=False)
print()
