"""What other programs read in an archive: engines.py FUNCTION JSON..., and the answer as JSON on stdout."""

import json
import sys
from datetime import datetime, timezone

MEANS = """
SELECT metric_name, model_id, year, month, avg(score), count(*) FROM {} GROUP BY ALL ORDER BY ALL
"""


def evalsig_runs(root, project):
    from evalsig.store import list_runs

    return [vars(found.record) if hasattr(found.record, "__dict__") else found.record._asdict() for found in list_runs(root, project)]


def evalsig_query(root, project, conditions):
    from evalsig.store import query_runs

    return [found.record.run_id for found in query_runs(root, project_id=project, **conditions)]


def evalsig_history(root, project, arguments):
    """What the command prints, line by line."""
    from contextlib import redirect_stdout
    from io import StringIO

    from evalsig.cli.main import main

    with redirect_stdout(StringIO()) as printed:
        main(["history", "--root", root, "--project", project, *arguments])
    return printed.getvalue().splitlines()


def evalsig_items(root, project, run_id):
    from evalsig.store import load_run

    run = load_run(root, run_id, project_id=project)
    return [[item.item_id, item.score, item.cluster_id, item.epoch, item.metadata] for item in run.items]


def evalsig_write(root, project, run_id, scores):
    """Writes a run as its users do, and returns its path."""
    from evalsig import ItemResult, RunFrame
    from evalsig.store import write_run

    items = [ItemResult(item_id=f"q{at}", score=score) for at, score in enumerate(scores)]
    frame = RunFrame(run_id=run_id, model_id="m", task_id="t", metric_name="exact", items=items)
    at = datetime(2026, 1, 2, tzinfo=timezone.utc)
    return write_run(root, frame, project_id=project, ts=at).path


def evalsig_write_many(root, project, count):
    """Writes runs one after the other, each of which evalsig adds to its manifest."""
    for run in range(count):
        evalsig_write(root, project, f"live {run}", [(run + at) / 100 for at in range(10)])
    return count


def delta_means(folder):
    import polars

    keys = ["metric_name", "model_id", "year", "month"]
    means = [polars.col("score").mean(), polars.len()]
    return [list(row) for row in polars.scan_delta(folder).group_by(keys).agg(means).sort(keys).collect().rows()]


def delta_files(folder):
    from deltalake import DeltaTable

    table = DeltaTable(folder)
    return {"version": table.version(), "files": len(table.file_uris())}


def delta_append(folder, run_id, scores):
    """Appends a run, shaped like those in the table, and returns the version of the table."""
    import polars
    from deltalake import DeltaTable

    rows = polars.read_delta(folder).head(1)
    columns = [polars.lit(run_id).alias("run_id"), polars.lit("appended").alias("metric_name")]
    every = [rows.with_columns(*columns, polars.lit(float(score)).alias("score"), polars.lit(f"k{at}").alias("item_id")) for at, score in enumerate(scores)]
    polars.concat(every).write_delta(folder, mode="append")
    return DeltaTable(folder).version()


def delta_guarded(folder):
    """Whether another writer keeps away."""
    from deltalake import DeltaTable

    try:
        DeltaTable(folder).vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False, full=True)
    except Exception as refused:  # of a type that changes with the version
        return str(refused)
    return None


def duckdb_means(folder):
    import duckdb

    source = f"read_parquet('{folder}/year=*/month=*/*.parquet', hive_partitioning = true, hive_types = {{year: INTEGER, month: INTEGER}})"
    return [list(row) for row in duckdb.connect().execute(MEANS.format(source)).fetchall()]


def duckdb_with_delta():
    import duckdb
    import duckdb_extension_delta
    from pathlib import Path

    extension = next(Path(duckdb_extension_delta.__file__).parent.glob("extensions/*/delta.duckdb_extension"))
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    connection.execute(f"LOAD '{extension}'")
    return connection


def answers(code, run):
    """What the questions of a program answer, statement by statement."""
    statements = [one.strip() for one in code.split(";") if one.strip()]
    return [rows for one in statements if (rows := run(one)) and one.startswith("SELECT")]


def duckdb_program(code):
    connection = duckdb_with_delta()
    return answers(code, lambda one: [list(row) for row in connection.execute(one).fetchall()])


def duckdb_delta_means(folder):
    return duckdb_program(MEANS.strip().format(f"delta_scan('file://{folder}')"))[0]


def clickhouse_program(code):
    import os

    import chdb

    os.chdir("/")  # it reads nothing outside of the working directory
    rows = lambda one: [json.loads(row) for row in str(chdb.query(one, "JSONCompactEachRow")).splitlines()]
    return answers(code, rows)


def spark_program(code):
    """On two executors, which are processes of their own."""
    from pyspark.sql import SparkSession

    cluster = SparkSession.builder.master("local-cluster[2,1,1024]").appName("runstore")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.log.level": "ERROR",
    }
    for name, value in settings.items():
        cluster = cluster.config(name, value)
    spark = cluster.getOrCreate()
    try:
        return answers(code, lambda one: [list(row) for row in spark.sql(one).collect()])
    finally:
        spark.stop()


def polars_program(code):
    printed = []
    exec(code, {"print": lambda frame: printed.append([list(row) for row in frame.rows()])})
    return printed


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps(globals()[name](*map(json.loads, arguments))))
