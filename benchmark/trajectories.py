"""Does with tinker-cookbook's EvalStore what each line of the input asks for, and answers with milliseconds.

The first line has the trajectories.
"""

import json
import os
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "__test__", "support"))

from tinker_types import EvalStore, StoredTrajectory, StoredTurn  # noqa: E402

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
