"""Runs local AWS as AWS would be, where it differs in what this project needs, and ends it with the process that started it."""

import os
import shutil
import signal
import sys
import threading

HOME = os.getcwd()


def follow_parent():
    """The pipe closes when the parent goes, however it goes. Then the whole process group goes, workers too."""
    sys.stdin.buffer.read()
    shutil.rmtree(HOME, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


def keep_error_names():
    """An error of a Node.js function keeps its name, on which Retry and Catch of Step Functions match; MiniStack 1.5.33 calls
    all of them Runtime.HandlerError. AWS: Lambda Developer Guide, "Node.js function errors", errorType."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    plain = "error: String(err.message || err), trace:"
    assert plain in lambda_runtime._NODEJS_WORKER_SCRIPT, "local AWS has changed: look at keep_error_names"
    named = "error: String(err.message || err), errorType: String(err.name || 'Error'), trace:"
    lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(plain, named)

    last = threading.local()
    invoke, execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm

    def invoke_and_remember(*args, **kwargs):
        result = invoke(*args, **kwargs)
        last.name = result.get("errorType")
        return result

    def execute_with_name(*args, **kwargs):
        last.name = None
        result = execute(*args, **kwargs)
        body = result.get("body")
        if result.get("error") and last.name and isinstance(body, dict):
            body["errorType"] = last.name
        return result

    lambda_runtime.Worker.invoke = invoke_and_remember
    lambda_svc._execute_function_warm = execute_with_name


def tell_index_status():
    """Indexes of a table have a status; MiniStack 1.5.33 gives none to those of a template, and fills them at once."""
    from ministack.services import dynamodb

    describe = dynamodb._table_description

    def describe_with_status(name):
        description = describe(name)
        indexes = description.get("GlobalSecondaryIndexes")
        if not indexes:
            return description
        return {**description, "GlobalSecondaryIndexes": [{"IndexStatus": "ACTIVE", **index} for index in indexes]}

    dynamodb._table_description = describe_with_status


def read_max_concurrency_path():
    """A Distributed Map takes its concurrency from the state; MiniStack 1.5.33 reads only a number in the definition. AWS: Step
    Functions Developer Guide, "Map state", MaxConcurrencyPath."""
    from ministack.services import stepfunctions

    run = stepfunctions._run_distributed_map

    def run_with_concurrency(state_def, raw_input, effective, iterator, execution, ctx):
        path = state_def.get("MaxConcurrencyPath")
        if path:
            state_def = {**state_def, "MaxConcurrency": stepfunctions._resolve_path_or_ctx(path, effective, ctx)}
        return run(state_def, raw_input, effective, iterator, execution, ctx)

    stepfunctions._run_distributed_map = run_with_concurrency


threading.Thread(target=follow_parent, daemon=True).start()
keep_error_names()
tell_index_status()
read_max_concurrency_path()
if os.environ.get("CHAOS_SEED"):
    from chaos import make_trouble

    make_trouble(os.environ["CHAOS_SEED"])

from metric_math import evaluate_metric_math  # noqa: E402
from trouble import trouble_on_request  # noqa: E402

evaluate_metric_math()
trouble_on_request(os.environ["TROUBLE_FILE"])
from ministack.app import main  # noqa: E402

main()
