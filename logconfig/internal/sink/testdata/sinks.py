"""Writes sinks.json: what the handlers of Python's logging write, and where.

    python3.13 sinks.py > sinks.json

Needs nothing but CPython 3.13. Run it by hand after a change here; the Go tests
compare names and contents.
"""

import datetime
import json
import logging
import logging.handlers
import os
import random
import socket
import tempfile
import time

ZONES = ["UTC", "America/St_Johns", "Australia/Lord_Howe", "Europe/Berlin"]


def record(message, level=logging.INFO):
    return logging.LogRecord("app", level, "", 0, message, (), None)


def contents(folder):
    files = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as f:
            files[name] = f.read().decode()
    return files


def rotating(max_bytes, backups, mode, before, lines, delay=False):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in before.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        h = logging.handlers.RotatingFileHandler(os.path.join(folder, "app.log"), mode, max_bytes, backups, "utf-8", delay)
        for line in lines:
            h.emit(record(line))
        h.close()
        return dict(maxBytes=max_bytes, backupCount=backups, mode=mode, delay=delay, before=before, lines=lines,
                    after=contents(folder))


def rotations():
    ten = ["line %d" % i for i in range(10)]
    wide = ["größe 中 %d" % i for i in range(10)]
    yield rotating(20, 3, "a", {}, ten)
    yield rotating(20, 3, "a", {}, ten, True)
    yield rotating(20, 1, "a", {}, ten)
    yield rotating(20, 0, "a", {}, ten)
    yield rotating(0, 3, "a", {"app.log": "old\n"}, ten)
    yield rotating(0, 3, "w", {"app.log": "old\n"}, ten)
    yield rotating(20, 3, "w", {"app.log": "old\n"}, ten)
    yield rotating(21, 3, "a", {}, ten)
    yield rotating(22, 3, "a", {}, ten)
    yield rotating(7, 3, "a", {}, ten)
    yield rotating(1, 2, "a", {}, ten)
    yield rotating(1, 2, "a", {"app.log": "x"}, ["y"])
    yield rotating(1, 9, "a", {}, ten[:3])
    for max_bytes in range(10, 40, 3):
        yield rotating(max_bytes, 9, "a", {}, wide)
    yield rotating(30, 2, "a", {}, ["a", "b" * 100, "", "c", "two\nlines\n", "d" * 27, "e" * 28, "f" * 29])
    yield rotating(15, 4, "a", {"app.log": "old " * 5, "app.log.1": "one\n", "app.log.3": "three\n", "app.log.9": "nine\n"}, ten[:3])


def schedule(when, interval, utc, at, zone, start, moments):
    """What a handler, whose file was last changed at start, does at each moment."""
    os.environ["TZ"] = zone
    time.tzset()
    real = time.time
    now = [start]
    time.time = lambda: now[0]
    try:
        with tempfile.TemporaryDirectory() as folder:
            h = logging.handlers.TimedRotatingFileHandler(
                os.path.join(folder, "app.log"), when, interval, 0, "utf-8", True, utc, at)
            names = []
            h.rotator = lambda source, dest: names.append(os.path.basename(dest)[len("app.log."):])
            steps = [dict(now=start, name="", due=h.rolloverAt)]
            for m in moments:
                now[0] = m
                if h.shouldRollover(None):
                    h.doRollover()
                    steps.append(dict(now=m, name=names[-1], due=h.rolloverAt))
            h.close()
    finally:
        time.time = real
    seconds = 0 if at is None else (at.hour * 60 + at.minute) * 60 + at.second
    return dict(when=when, interval=interval, utc=utc, atTime=seconds, zone=zone, steps=steps)


def schedules():
    random.seed(5)
    year = 1_767_225_600  # 2026
    for when in ["S", "m", "H", "D", "midnight", "MIDNIGHT", "W0", "w3", "W6"]:
        for zone in ZONES:
            for utc in (False, True):
                for interval in (1, 3):
                    at = random.choice([None, None, datetime.time(2, 30), datetime.time(13, 45, 10)])
                    unit = {"S": 1, "M": 60, "H": 3600, "W": 7 * 86400}.get(when.upper()[0], 86400)
                    # From before a change of the clocks to behind it.
                    start = random.choice([year, year + 66 * 86400, year + 87 * 86400, year + 300 * 86400]) + random.randrange(86400)
                    moments, t = [], start
                    for _ in range(14):
                        t += random.choice([unit // 2 + 1, unit, unit * 2 + 1, unit * interval])
                        moments.append(t)
                    yield schedule(when, interval, utc, at, zone, start, moments)
                    if when.upper().startswith(("M", "W")) and len(when) > 1:
                        # To the second of each rotation, and around it.
                        c = schedule(when, interval, utc, at, zone, start, [start])
                        for _ in range(10):
                            due = c["steps"][-1]["due"]
                            moments = [s["now"] for s in c["steps"][1:]] + [due - 1, due]
                            c = schedule(when, interval, utc, at, zone, start, moments)
                        yield c


def syslog(level, facility, ident, nul):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        h = logging.handlers.SysLogHandler(server.getsockname(), facility)
        h.ident, h.append_nul = ident, nul
        h.emit(record("größe\ttwo\nlines", level))
        h.close()
        return dict(level=level, facility=str(facility), ident=ident, noNUL=not nul, message=server.recv(1000).decode())


def syslogs():
    for level in (10, 20, 25, 30, 35, 40, 50, 55):
        yield syslog(level, "user", "", True)
        yield syslog(level, 23, "app: ", False)
    for facility in logging.handlers.SysLogHandler.facility_names:
        yield syslog(20, facility, "app[7]: ", True)


def main():
    out = []
    for key, cases in ("rotations", rotations()), ("schedules", schedules()), ("syslogs", syslogs()):
        out.append('"%s": [\n%s\n]' % (key, ",\n".join(json.dumps(c) for c in cases)))
    print("{%s}" % ",\n".join(out))


main()
