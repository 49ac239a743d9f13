"""Trouble on request: what the file at TROUBLE_FILE says, as JSON, from the moment it says so.

- `hide`: `{"index": name, "share": 0 to 1}`: the index has lost entries, always the same ones. No index on AWS is known to do so for
  long; what guards against it has to be seen to work.
- `throttle`: `{"table": name, "share": 0 to 1}`: DynamoDB refuses a share of the requests that concern the table, and counts them as
  AWS does, in ReadThrottleEvents and WriteThrottleEvents (Amazon DynamoDB Developer Guide, "DynamoDB Metrics and dimensions").
"""

import hashlib
import json
import random
import time

READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


def trouble_on_request(file):
    from ministack.core.responses import error_response_json
    from ministack.services import cloudwatch, dynamodb

    handle = dynamodb.handle_request

    async def handle_with_trouble(method, path, headers, body, query_params):
        action = headers.get("x-amz-target", "").split(".")[-1]
        trouble = asked(file) if action in READS | WRITES else {}
        throttle, hide = trouble.get("throttle"), trouble.get("hide")
        if throttle and concerns(body, throttle["table"]) and random.random() < throttle["share"]:
            metric = "ReadThrottleEvents" if action in READS else "WriteThrottleEvents"
            count_event(cloudwatch, metric, throttle["table"])
            return error_response_json("ProvisionedThroughputExceededException", "Trouble on request: throttled.", 400)
        answer = await handle(method, path, headers, body, query_params)
        if not hide or action not in ("Query", "Scan"):
            return answer
        index = json.loads(body or b"{}").get("IndexName")
        return without_hidden(answer, hide["share"]) if index == hide["index"] else answer

    dynamodb.handle_request = handle_with_trouble


def asked(file):
    try:
        with open(file, encoding="utf8") as text:
            return json.load(text)
    except (OSError, ValueError):
        return {}


def concerns(body, table):
    return f'"{table}"'.encode() in body or f'/{table}"'.encode() in body


def count_event(cloudwatch, metric, table):
    cloudwatch._store_datum("AWS/DynamoDB", metric, {"TableName": table}, time.time(), "Count", 1, None, None, None)


def without_hidden(answer, share):
    status, headers, body = answer[:3]
    if status != 200:
        return answer
    page = json.loads(body)
    page["Items"] = [item for item in page.get("Items", []) if not is_hidden(item, share)]
    page["Count"] = len(page["Items"])
    return (status, headers, json.dumps(page).encode(), *answer[3:])


def is_hidden(item, share):
    digest = hashlib.sha256(json.dumps(item.get("pk"), sort_keys=True).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share

