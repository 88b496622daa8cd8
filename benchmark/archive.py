"""Does with evalsig's store what each line of the input asks for, and answers with milliseconds."""

import gc
import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone

from evalsig import ItemResult, RunFrame
from evalsig.store import RunStoreWriter, list_runs, load_run, query_runs, write_run

BEGIN = datetime(2025, 1, 1, tzinfo=timezone.utc)


def frame(run, items):
    scores = [ItemResult(item_id=f"question {at}", score=(at * 7 + run) % 10 / 10, metadata={"at": at}) for at in range(items)]
    return RunFrame(run_id=f"run {run}", model_id=f"model {run % 50}", task_id=f"suite {run % 10}", metric_name="exact", items=scores)


def write(root, first, count, items):
    frames = [(run, frame(run, items)) for run in range(first, first + count)]
    gc.collect()  # as archive.mjs does
    os.sync()
    start = time.perf_counter()
    for run, one in frames:
        write_run(root, one, ts=BEGIN + timedelta(minutes=run))
    return start


def write_at_once(root, count):
    start = time.perf_counter()
    with RunStoreWriter(root) as writer:
        for run in range(count):
            writer.write(frame(run, 1), ts=BEGIN + timedelta(minutes=run))
    return start


def listing(root, count):
    start = time.perf_counter()
    assert len(list_runs(root)) == count
    return start


def query(root, found):
    start = time.perf_counter()
    assert len(query_runs(root, model_id="model 7", since="2025-01-03")) == found
    return start


def load(root, run_id, items):
    start = time.perf_counter()
    assert len(load_run(root, run_id).items) == items
    return start


for line in sys.stdin:
    work, *arguments = json.loads(line)
    start = globals()[work](*arguments)
    print(json.dumps((time.perf_counter() - start) * 1000), flush=True)
