"""boto3 as an unmodified client, driven line by line.

Usage: boto3_client.py ENDPOINT

Each line of standard input is one call, as JSON:
    {"op": "GetLogEvents", "in": {...}, "pages": false}
Each line of standard output is its answer, as JSON, one of:
    {"out": [{...}, ...]}                    what was read; one object a page
    {"code": "...", "message": "..."}        the error that the service answered
    {"failed": "..."}                        the client itself gave up
With "pages" the call is made through boto3's own paginator.
"""

import json
import re
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError


def snake(op):
    """GetLogEvents -> get_log_events, the name of boto3's method."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", op).lower()


def call(logs, op, arguments, pages):
    if pages:
        read = list(logs.get_paginator(snake(op)).paginate(**arguments))
    else:
        read = [getattr(logs, snake(op))(**arguments)]
    for page in read:
        page.pop("ResponseMetadata")
    return read


def answer(logs, line):
    ask = json.loads(line)
    try:
        return {"out": call(logs, ask["op"], ask["in"], ask["pages"])}
    except ClientError as e:
        return {"code": e.response["Error"]["Code"], "message": e.response["Error"]["Message"]}
    except (BotoCoreError, TypeError, ValueError) as e:
        return {"failed": "%s: %s" % (type(e).__name__, e)}


def main():
    sys.stdin.reconfigure(encoding="utf-8", errors="strict")
    sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    logs = boto3.client("logs", endpoint_url=sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(answer(logs, line), ensure_ascii=False), flush=True)


main()
