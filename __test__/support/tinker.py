"""Calls the real EvalStore: a request a line on stdin, an answer a line on stdout, both JSON."""

import asyncio
import dataclasses
import inspect
import json
import logging
import math
import sys

from tinker_types import BenchmarkResult, EvalStore, StoredTrajectory

logging.disable(logging.WARNING)


def result(given):
    k_values = {int(k): value for k, value in given.get("pass_at_k", {}).items()}
    return BenchmarkResult(**{**given, "pass_at_k": k_values})


def argument(method, at, given):
    """Makes of JSON what a method takes."""
    if method == "write_result" and at == 1:
        return result(given)
    if method == "write_trajectory" and at == 2:
        return StoredTrajectory.from_dict(given)
    if method == "write_summary" and at == 1:
        return {name: result(one) for name, one in given.items()}
    return given


def plain(value):
    """Makes JSON of what a method returns; numbers that JSON does not have are named."""
    if isinstance(value, BenchmarkResult):
        derived = {"num_completed": value.num_completed, "score_completed": value.score_completed}
        return plain({**dataclasses.asdict(value), **derived})
    if dataclasses.is_dataclass(value):
        return plain(dataclasses.asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": str(value)}
    return value


def answer(request):
    if "dir" in request:
        return [name for name in dir(EvalStore) if not name.startswith("_")]
    method = request["method"]
    arguments = [argument(method, at, one) for at, one in enumerate(request["args"])]
    given = getattr(EvalStore(request["path"]), method)(*arguments, **request["options"])
    return plain(asyncio.run(given) if inspect.iscoroutine(given) else given)


for line in sys.stdin:
    try:
        told = {"value": answer(json.loads(line))}
    except Exception as error:  # noqa: BLE001
        told = {"error": type(error).__name__, "message": str(error)}
    print(json.dumps(told), flush=True)
