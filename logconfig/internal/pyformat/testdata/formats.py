"""Writes formats.json: what Python's logging makes of format strings.

    python3.13 formats.py > formats.json

Needs nothing but CPython 3.13 and glibc. Run it by hand after a change here;
the Go test compares character for character.
"""

import json
import logging
import os
import time

STARTED = 1_770_000_000_123_456_789  # when logging was imported, ns since 1970
ZONES = ["UTC", "America/St_Johns"]

# What a record holds: the attributes that are set from outside.
RECORDS = [
    dict(name="app.db", level=20, message="connected", ns=1_770_606_245_067_890_123,
         pathname="/srv/app/db/pool.py", func="connect", line=42,
         extra=dict(tenant="acme", amount=-12.5, count=-42, ok=True)),
    dict(name="größe.中", level=30, message="naïve café 日本語 🎉 e\u0301", ns=1_751_328_000_999_000_000,
         pathname="/srv/ünï/módulo.v2.py", func="überprüfe", line=7,
         extra=dict(tenant="ä'b", amount=1e22, count=1234567, ok=False)),
    dict(name="root", level=40, message="50% of %s lost\n  second line\t\\ 'q' \"z\"\n", ns=1_735_689_599_999_999_950,
         pathname="", func="", line=0,
         extra=dict(tenant="", amount=0.1, count=0, ok=None)),
    dict(name="", level=25, message="", ns=939_515_400_000_000_001,
         pathname="main", func="run", line=100000,
         extra=dict(tenant="line\nbreak \u200b\x07 it's \"q\"", amount=-0.0, count=2**63 - 1, ok=True)),
    dict(name="a" * 30, level=50, message="-7", ns=1_770_606_245_999_999_000,
         pathname="/a/.hidden", func="f", line=12345678,
         extra=dict(tenant="t", amount=123456789.987654321, count=-2**63, ok=False)),
    dict(name="app", level=10, message="d", ns=1_772_956_800_500_000_000,
         pathname="/a/b.tar.gz", func="g", line=255,
         extra=dict(tenant="t t", amount=float("inf"), count=65, ok=True)),
]

# Formats without a datefmt, by style.
PERCENT = [
    "%(message)s",
    "%(asctime)s %(levelname)s %(name)s %(message)s",
    "%(asctime)s %(levelname)-8s %(message)s",
    "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "[%(levelname)8s] %(name)-12s|%(message)20s|",
    "%(levelname).1s %(name).3s|%(message)-10.4s|%(message)10.4s|",
    "%(pathname)s:%(lineno)d %(filename)s %(module)s %(funcName)s()",
    "%(created)f %(created)s %(created)d %(created).3f %(created)020.2f",
    "%(msecs)03d %(msecs)d %(msecs)s %(msecs)f %(msecs)6.1f|%(msecs)-8.0f|",
    "%(relativeCreated)d %(relativeCreated)s %(relativeCreated)12.3f",
    "%(process)d %(processName)s %(thread)d %(threadName)s %(taskName)s",
    "%(levelno)s %(levelno)d %(levelno)03d %(levelno)-5d|%(levelno)5d|",
    "%(lineno)5.3d|%(lineno)+d|% (lineno)d|".replace("% (lineno)d", "%(lineno) d"),
    "%(lineno)x %(lineno)X %(lineno)#x %(lineno)#X %(lineno)o %(lineno)#o",
    "%(lineno)#010x|%(lineno)#-10x|%(lineno)#10X|%(lineno)#.6x|%(lineno)+#x",
    "%(lineno)e %(lineno)E %(lineno)g %(lineno)G %(lineno).2f %(lineno)10.1e|",
    "%(lineno)i %(lineno)u %(lineno)ld %(lineno)hd %(lineno)Ld %(lineno)r %(lineno)a",
    "%(lineno)08d|%(lineno)-08d|%(lineno)+08d|%(lineno) 08d|%(lineno)+-8d|",
    "%(lineno).s|%(lineno).2s|%(lineno)05s|%(lineno).0f|%(lineno).d|",
    "100%% %(message)s %%(message)s %%",
    "%(message)r %(message)a %(name)a",
    "%(tenant)s %(count)d %(amount).2f %(ok)s",
    "%(tenant)-12r|%(tenant)a|%(tenant)6.3s|",
    "%(count)d|%(count)+d|%(count)020d|%(count)-22d|%(count)22d|%(count).21d|%(count)x|%(count)#o",
    "%(amount)s|%(amount)r|%(amount)f|%(amount)F|%(amount)012.3f|%(amount)+g|%(amount)G",
    "%(amount)e|%(amount)E|%(amount).0e|%(amount)#.0e|%(amount)#.0f|%(amount)g|%(amount)#g|%(amount).3g|%(amount).0g",
    "%(amount)12g|%(amount)-12g|%(amount)012g|%(amount) .1f|%(amount)+012.1f",
    "%(asctime)30s|%(asctime)-30s|%(asctime).10s|%(asctime)r",
    "größe %(message)s ✓",
    "%(msg)s %(args)s %(exc_info)s %(stack_info)s %(exc_text)8s|",
    "%(created)g %(created)e %(created)G %(created)015.1f %(created)#.0f %(created).10g",
]
BRACE = [
    "{message}",
    "{asctime} {levelname} {name} {message}",
    "{asctime} [{levelname:<8}] {message}",
    "{levelname:8}|{levelname:>8}|{levelname:^9}|{levelname:*^11}|{levelname:→<12}|{levelname:010}",
    "{message:.5}|{message:10.3}|{message:>10.3s}|{message:^7.1}|",
    "{lineno}|{lineno:5}|{lineno:<5}|{lineno:^7}|{lineno:05}|{lineno:+}|{lineno: }|{lineno:-}|{lineno:=+8}|{lineno:*=8}",
    "{lineno:d} {lineno:x} {lineno:X} {lineno:#x} {lineno:#X} {lineno:o} {lineno:#o} {lineno:b} {lineno:#b} {lineno:n}",
    "{lineno:,} {lineno:_} {lineno:_x} {lineno:#_x} {lineno:_b} {lineno:,d} {lineno:012,} {lineno:013,} {lineno:014_}",
    "{lineno:#012_x} {lineno:0>12,} {lineno:+015,d} {lineno:x>12,}",
    "{lineno:f} {lineno:.2f} {lineno:e} {lineno:G} {lineno:%} {lineno:.1%} {lineno:,.1f} {lineno:#.3g}",
    "{lineno:c}|{lineno:5c}|{lineno:<5c}|{lineno:^5c}|{lineno!s:>6}|{lineno!r:<6}|{lineno!a}",
    "{created} {created:f} {created:.3f} {created:,.2f} {created:20.1f} {created:<20.1f}| {created:g} {created:e}",
    "{created:.3} {created:.12} {created:.20} {created:%} {created:_} {created:025,.3f} {created:+_.1f} {created:n}",
    "{msecs} {msecs:03.0f} {msecs:.0f} {msecs:7} {msecs:<7}| {msecs:.3} {msecs:.1} {msecs:#.0f} {msecs:#g} {msecs:#} {msecs:n}",
    "{relativeCreated} {relativeCreated:.2f} {relativeCreated:,.0f} {relativeCreated:>20,.3f}",
    "{message!r} {message!a:>40} {name!s:*>10} {tenant!r} {tenant!a}",
    "{{literal}} {message} {{{levelname}}} %(message)s $message",
    "{process:08d} {processName} {thread} {threadName} {taskName} {pathname} {filename} {module} {funcName}",
    "{count} {count:,} {count:+d} {count:025,} {count:x} {count:#_b} {count:030_x} {count:e} {count:^25}|",
    "{amount} {amount:.2f} {amount:+.1e} {amount:012.2f} {amount:<15}| {amount:^15}| {amount:g} {amount:.3}",
    "{asctime:>30} {asctime:.10} {asctime!r}",
    "{ok} {ok:n} {ok:=-} {ok:>} {ok:,} {ok:3} {ok!s:>6} {tenant:>6} {tenant:-^20}",
    "{levelno:03d}{levelno:>+5}{levelno:.1f}",
]
DOLLAR = [
    "$message",
    "${message}",
    "$asctime $levelname $name: $message",
    "$$5 ${levelname}x $lineno.$msecs $created",
    "$pathname $filename $module $funcName $process $processName $thread $threadName $taskName",
    "$tenant/$count/$amount/$ok $relativeCreated $levelno",
    "größe $name$message$$$$",
    "%(message)s {message} $message",
]
DATES = [
    "%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%d %H:%M:%S.%f", "%c %Z",
    "%a %A %b %B %p %I %j %U %W %y %x %X", "%s", "%s %-d %e %_H %:z", "%Q 100% %", "%Ey %Od größe %%H %n",
    "%Ek %Eh %EB %Od %Ob %Ox %EY %E", "%F %T", "%D %R %r %G-W%V-%u", "%%f %%",
]

# Refused when the Formatter is made.
REFUSED = {
    "%": ["hello", "%s", "%(message)", "%(message)z", "%(a.b)s", "%%", "%(lineno)ld", "%(lineno).s", "%d %i",
          "(message)s", "%()s", "{message}", "$message", "%(message)-"],
    "{": ["hello", "{}", "{message", "message}", "{message!x}", "{message!}", "{message!rx}", "{message:!}",
          "{lineno:zz}", "{lineno:5.}", "{ message}", "{message }", "{message:{}}", "{a-b}", "{{message}}", "{",
          "}", "{levelname:<<<8}", "{lineno:.f}", "{lineno:5 d}", "%(message)s", "{!r}", "{:>5}", "{message!}",
          "{lineno:+-5}"],
    "$": ["hello", "$$", "$1", "$", "$$message", "$ message", "${}", "${message", "%(message)s", "$message $1", "$message $",
          "$message ${", "$message $$ ${1}"],
    "?": ["%(message)s"],
}

# Taken when the Formatter is made, and then failing at each record.
FAILING = {
    "%": ["%(levelname)d", "%(message)f", "%(created)x", "%(msecs)c", "%(message)s %", "%(message)s 5%",
          "%(message)s %s", "%(lineno)*d", "%(message)s %(lineno)", "%(lineno)D", "%(message)s %(lineno)hhd",
          "%(levelname)c", "100% %(message)s", "%(message)%", "%(message)s %-5%"],
    "{": ["{levelname:d}", "{levelname:,}", "{levelname:=10}", "{levelname:+}", "{levelname:#}", "{lineno:.3}",
          "{lineno:s}", "{lineno:,x}", "{lineno:_n}", "{lineno:+c}", "{lineno:#c}", "{msecs:d}", "{msecs:03d}",
          "{msecs:s}", "{created:x}", "{lineno!s:d}", "{lineno!s:,}", "{message} {}", "{0}", "{lineno:,c}",
          "{message: }", "{message!r:+}", "{message} {lineno.x}", "{lineno:,n}", "{msecs:,n}", "{message:>-5}"],
}


def record(of):
    path, func = of["pathname"] or "(unknown file)", of["func"] or "(unknown function)"
    r = logging.LogRecord(of["name"], of["level"], path, of["line"], of["message"], (), None, func)
    r.created = of["ns"] / 1e9
    # As LogRecord.__init__ computes them from time.time_ns().
    r.msecs = (of["ns"] % 1_000_000_000) // 1_000_000 + 0.0
    if r.msecs == 999.0 and int(r.created) != of["ns"] // 1_000_000_000:
        r.msecs = 0.0
    r.relativeCreated = (of["ns"] - STARTED) / 1e6
    r.process, r.processName, r.thread, r.threadName, r.taskName = 4242, "MainProcess", 1, "MainThread", None
    r.__dict__.update(of["extra"])
    return r


def cases():
    for style, formats in ("%", PERCENT), ("{", BRACE), ("$", DOLLAR):
        yield dict(format="", datefmt="", style=style, zone="UTC")
        for f in formats:
            yield dict(format=f, datefmt="", style=style, zone="UTC")
            if "asctime" in f:
                yield dict(format=f, datefmt="", style=style, zone=ZONES[1])
    for d in DATES:
        for zone in ZONES:
            yield dict(format="%(asctime)s|%(message)s", datefmt=d, style="%", zone=zone)
            yield dict(format="{asctime:>40}", datefmt=d, style="{", zone=zone)


def run(case):
    os.environ["TZ"] = case["zone"]
    time.tzset()
    formatter = logging.Formatter(case["format"] or None, case["datefmt"] or None, case["style"])
    case["want"] = []
    for of in RECORDS:
        try:
            case["want"].append(formatter.format(record(of)))
        except (ValueError, TypeError, OverflowError):
            # Not for a value of this kind; the Go side shows text instead.
            case["want"].append(None)
    return case


def refused(style, format):
    try:
        logging.Formatter(format, style=style)
    except (ValueError, KeyError):
        return True
    return False


def fails(style, format):
    try:
        logging.Formatter(format, style=style).format(record(RECORDS[0]))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return True
    return False


def main():
    for style, formats in REFUSED.items():
        for f in formats:
            assert refused(style, f), f"{f!r} is taken"
    for style, formats in FAILING.items():
        for f in formats:
            assert not refused(style, f), f"{f!r} is refused"
            assert fails(style, f), f"{f!r} works"
    records = [r | {"extra": {k: {"inf": "inf"}.get(str(v), v) if k == "amount" else v for k, v in r["extra"].items()}}
               for r in RECORDS]
    out = dict(started=STARTED, process=4242, records=records, cases=[run(c) for c in cases()],
               refused=REFUSED, failing=FAILING)
    print(json.dumps(out, indent=1, ensure_ascii=True))


main()
