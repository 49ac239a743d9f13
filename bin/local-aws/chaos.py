"""Trouble on purpose, drawn from a seed: batches of streams that come late, twice, or again because their answer was lost;
writes whose answer is lost; seconds in which every table is throttled. On AWS all of this may happen at any moment."""

import asyncio
import random
import time

LATE, TWICE, LOST = 0.15, 0.15, 0.05
LOST_ANSWERS = 0.01
WRITES = {"PutItem", "DeleteItem", "TransactWriteItems"}
DATA = WRITES | {"GetItem", "BatchGetItem", "Query", "Scan", "BatchExecuteStatement"}
# Seconds between two times of throttling, how long each is, and the part of the requests that it refuses.
BETWEEN, THROTTLED, REFUSED = (10, 40), (1, 10), 0.7


def make_trouble(seed):
    from ministack.core.responses import error_response_json
    from ministack.services import dynamodb, lambda_svc

    batches, answers = random.Random(f"{seed} batches"), random.Random(f"{seed} answers")
    throttling = Throttling(random.Random(f"{seed} throttling"))
    execute, handle = lambda_svc._execute_function, dynamodb.handle_request

    def execute_with_trouble(func, event):
        if not is_batch(event):
            return execute(func, event)
        if batches.random() < LATE:
            time.sleep(batches.uniform(0.5, 5))
        result = execute(func, event)
        if batches.random() < TWICE:
            result = execute(func, event)
        if batches.random() < LOST:
            return {"error": True, "body": {"errorType": "Chaos", "errorMessage": "The answer was lost."}}
        return result

    async def handle_with_trouble(method, path, headers, body, query_params):
        action = headers.get("x-amz-target", "").split(".")[-1]
        if action in DATA and throttling.refuses():
            return error_response_json("ProvisionedThroughputExceededException", "Chaos: throttled.", 400)
        answer = await handle(method, path, headers, body, query_params)
        if action in WRITES and answers.random() < LOST_ANSWERS:
            await asyncio.sleep(answers.uniform(0, 0.5))
            return error_response_json("InternalServerError", "Chaos: the answer was lost.", 500)
        return answer

    lambda_svc._execute_function = execute_with_trouble
    dynamodb.handle_request = handle_with_trouble


def is_batch(event):
    records = event.get("Records") if isinstance(event, dict) else None
    return bool(records) and records[0].get("eventSource") == "aws:dynamodb"


class Throttling:
    def __init__(self, draw):
        self.draw = draw
        self.begins = time.time() + 30 + draw.uniform(*BETWEEN)
        self.ends = self.begins + draw.uniform(*THROTTLED)

    def refuses(self):
        now = time.time()
        if now > self.ends:
            self.begins = now + self.draw.uniform(*BETWEEN)
            self.ends = self.begins + self.draw.uniform(*THROTTLED)
        return self.begins <= now and self.draw.random() < REFUSED
