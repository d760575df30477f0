"""Writes trees.json: what comes out of Python's logging for random configurations.

    python3.13 trees.py > trees.json

Each case has one or two documents, of which the second is incremental, and for
each of them what every logger writes to standard output, by its handlers, and to
standard error, by the handler of last resort, at every level. Needs nothing but
CPython 3.13. Run it by hand after a change here.
"""

import io
import json
import logging
import logging.config
import random
import sys

R = random.Random(4)
CASES = 40
CONFIGURED = ["a", "a.b", "a.b.c", "a.c", "d", "d.e.f", "ab", "root", ""]
LOGGERS = ["a", "a.b", "a.b.c", "a.z", "d.e", "d.e.f", "ab", "root", "x.y"]
LEVELS = [10, 15, 20, 25, 30, 35, 40, 50]
NAMES = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "NOTSET", 15, 35, 50]
HANDLERS = ["h1", "h2", "h3"]
FILTERS = ["f1", "f2", "f3"]


def maybe(chance, of, key, value):
    if R.random() < chance:
        of[key] = value()


def logger():
    of = {}
    maybe(0.7, of, "level", lambda: R.choice(NAMES))
    maybe(0.6, of, "handlers", lambda: R.sample(HANDLERS, R.randint(0, 2)))
    maybe(0.3, of, "filters", lambda: R.sample(FILTERS, R.randint(0, 2)))
    maybe(0.4, of, "propagate", lambda: R.choice([True, False]))
    return of


def handler(name):
    of = {"class": "logging.StreamHandler", "formatter": name, "stream": "ext://sys.stdout"}
    maybe(0.5, of, "level", lambda: R.choice(NAMES))
    maybe(0.3, of, "filters", lambda: R.sample(FILTERS, R.randint(1, 2)))
    return of


def document():
    of = {
        "version": 1,
        "formatters": {h: {"format": h + " %(name)s %(levelno)s"} for h in HANDLERS},
        "filters": {f: R.choice([{}] + [{"name": n} for n in ("a", "a.b", "d", "root", "")]) for f in FILTERS},
        "handlers": {h: handler(h) for h in HANDLERS},
        "loggers": {n: logger() for n in CONFIGURED if R.random() < 0.4},
    }
    maybe(0.7, of, "root", logger)
    maybe(0.5, of, "disable_existing_loggers", lambda: R.choice([True, False]))
    return of


def incremental(handlers):
    of = {
        "version": 1, "incremental": True,
        "handlers": {h: {"level": R.choice(NAMES)} for h in handlers if R.random() < 0.5},
        "loggers": {},
    }
    for n in CONFIGURED:
        if R.random() < 0.3:
            of["loggers"][n] = {}
            maybe(0.7, of["loggers"][n], "level", lambda: R.choice(NAMES))
            maybe(0.5, of["loggers"][n], "propagate", lambda: R.choice([True, False]))
    maybe(0.5, of, "root", lambda: {"level": R.choice(NAMES)})
    return of


def run(document):
    logging.config.dictConfig(document)
    for name in LOGGERS:
        for level in LEVELS:
            logging.getLogger(name).log(level, "%s %s", name, level)


def forget():
    logging.root.manager.loggerDict.clear()
    logging.root.handlers[:], logging.root.filters[:], logging.root.level = [], [], logging.WARNING
    logging.root.manager._clear_cache()


def case():
    forget()
    documents, written = [document()], []
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err = io.StringIO(), io.StringIO()
    try:
        for step in range(R.randint(1, 2)):
            if step == 1:
                # Python knows no handler that no logger has.
                documents.append(incremental([h for h in HANDLERS if h in logging._handlers]))
            run(documents[step])
            written.append({"stdout": out.getvalue(), "stderr": err.getvalue()})
            for stream in out, err:
                stream.seek(0)
                stream.truncate()
    finally:
        sys.stdout, sys.stderr = stdout, stderr
    return {"documents": documents, "written": written}


json.dump({"loggers": LOGGERS, "levels": LEVELS, "cases": [case() for _ in range(CASES)]}, sys.stdout, indent=0)
print()
