"""Does with tinker-cookbook's EvalStore what each line of the input asks for, and answers with milliseconds.

The first line has the trajectories.
"""

import importlib.abc
import importlib.machinery
import json
import sys
import time
from unittest.mock import MagicMock


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands for what is not installed, such as torch: the package imports it, its store has no use for it."""

    def find_spec(self, name, path=None, target=None):
        ours = name.startswith("tinker_cookbook")
        return None if ours else importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = MagicMock(name=spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


sys.meta_path.append(Absent())

from tinker_cookbook.eval.benchmarks._types import StoredTrajectory, StoredTurn  # noqa: E402
from tinker_cookbook.stores.eval_store import EvalStore  # noqa: E402

trajectories = [
    StoredTrajectory(**{**row, "turns": [StoredTurn(**turn) for turn in row["turns"]]})
    for row in json.loads(sys.stdin.readline())
]
for line in sys.stdin:
    work, path, idx = json.loads(line)
    store = EvalStore(path)
    start = time.perf_counter()
    if work == "write":
        run = store.create_run("m", ["maze"], run_id="run")
        for trajectory in trajectories:
            store.write_trajectory(run, "maze", trajectory)
    elif work == "read":
        assert len(store.read_trajectories("run", "maze")) == len(trajectories)
    else:
        assert store.read_single_trajectory("run", "maze", idx).idx == idx
    print(json.dumps((time.perf_counter() - start) * 1000), flush=True)
