"""The stores of tinker-cookbook and their types, without the rest of it.

What the package needs beside its stores (torch, transformers, ...) takes gigabytes and has no part in them. The modules
that the stores lie next to are not run, and stand-ins are there for what the module of their types imports.
"""

import importlib.util
import os
import sys
import types


def stand_in(name, path=(), **names):
    module = types.ModuleType(name)
    module.__path__ = list(path)
    module.__dict__.update(names)
    sys.modules[name] = module


home = os.path.dirname(importlib.util.find_spec("tinker_cookbook").origin)
stand_in("tinker")
stand_in("tinker_cookbook.eval", [f"{home}/eval"])
stand_in("tinker_cookbook.eval.benchmarks", [f"{home}/eval/benchmarks"])
stand_in("tinker_cookbook.renderers")
stand_in("tinker_cookbook.renderers.base", Renderer=object)
stand_in("tinker_cookbook.rl")
stand_in("tinker_cookbook.rl.types", Env=object)

from tinker_cookbook.eval.benchmarks._types import (  # noqa: E402, F401
    BenchmarkResult,
    StoredTrajectory,
    StoredTurn,
)
from tinker_cookbook.stores.eval_store import EvalStore  # noqa: E402, F401
