//! `runstore archive sql`

use runstore_report::page::Page;
use serde::Serialize;

use crate::answer::Answer;
use crate::arguments::{ArchiveSql, Engine};
use crate::failure::Failure;
use crate::session::Session;

#[derive(Serialize)]
struct Ready {
    text: String,
}

/// The example query for each engine: the mean of every scorer by month.
const QUESTION: &str =
    "SELECT task_id, model_id, metric_name, year, month, avg(score) AS mean, count(*) AS scores
FROM runs GROUP BY ALL ORDER BY ALL;";

/// [`QUESTION`] for engines that do not support `ALL`.
const LONG_QUESTION: &str =
    "SELECT task_id, model_id, metric_name, year, month, avg(score) AS mean, count(*) AS scores
FROM runs GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5;";

pub(super) fn answer(
    arguments: &ArchiveSql,
    folder: &str,
    session: &Session<'_>,
) -> Result<Answer, Failure> {
    let ready = Ready { text: text(arguments.engine, folder) };
    session.answer(&ready, |page| write(page, &ready.text))
}

fn write(page: &mut Page, text: &str) {
    text.lines().for_each(|line| page.line(&[line.into()]));
}

fn text(engine: Engine, folder: &str) -> String {
    let sql = folder.replace('\'', "''");
    let is_bucket = folder.contains("://");
    let [of_delta, of_trino] = ["file", "local"]
        .map(|scheme| if is_bucket { sql.clone() } else { format!("{scheme}://{sql}") });
    let of_clickhouse = if is_bucket { "deltaLake" } else { "deltaLakeLocal" };
    match engine {
        Engine::Duckdb => format!(
            "-- With DuckDB's extension for Delta, which it downloads by itself:
--   CREATE VIEW runs AS SELECT * FROM delta_scan('{of_delta}');
-- Without it, by the names of the folders; files of deleted runs are included until a vacuum removes them:
CREATE VIEW runs AS SELECT * FROM read_parquet('{sql}/year=*/month=*/*.parquet', hive_partitioning = true,
  hive_types = {{year: INTEGER, month: INTEGER}});
{QUESTION}"
        ),
        Engine::Clickhouse => format!(
            "-- clickhouse local; for a server, the folder must be below its user_files.
CREATE VIEW runs AS SELECT * FROM {of_clickhouse}('{sql}');
{LONG_QUESTION}"
        ),
        Engine::Polars => format!(
            "import polars as pl  # pip install polars deltalake
runs = pl.scan_delta({folder:?})
keys = [\"task_id\", \"model_id\", \"metric_name\", \"year\", \"month\"]
print(runs.group_by(keys).agg(mean=pl.col(\"score\").mean(), scores=pl.len()).sort(keys).collect())"
        ),
        Engine::Spark => format!(
            "-- The Parquet files by the names of their folders; files of deleted runs are included until a vacuum removes them.
-- With delta-spark, FROM delta.`{folder}` reads the log instead (not tried by runstore's tests).
CREATE TEMPORARY VIEW runs USING parquet OPTIONS (path '{sql}', pathGlobFilter '*.parquet');
{QUESTION}"
        ),
        Engine::Trino => format!(
            "-- From Trino's documentation, not tried by runstore's tests: in a catalog of the Delta Lake connector, with
-- delta.register-table-procedure.enabled=true.
CALL system.register_table(schema_name => 'default', table_name => 'runs', table_location => '{of_trino}');
{LONG_QUESTION}"
        ),
        Engine::Snowflake => format!(
            "-- From Snowflake's documentation, not tried by runstore's tests. The folder must be in an object store: put its
-- URL in place of s3://BUCKET/PATH.
CREATE EXTERNAL VOLUME evals STORAGE_LOCATIONS =
  ((NAME = 'evals' STORAGE_PROVIDER = 'S3' STORAGE_BASE_URL = 's3://BUCKET/PATH' STORAGE_AWS_ROLE_ARN = 'ROLE'));
CREATE CATALOG INTEGRATION evals CATALOG_SOURCE = OBJECT_STORE TABLE_FORMAT = DELTA ENABLED = TRUE;
CREATE ICEBERG TABLE runs EXTERNAL_VOLUME = 'evals' CATALOG = 'evals' BASE_LOCATION = '';
{LONG_QUESTION}"
        ),
        Engine::Bigquery => format!(
            "-- From BigQuery's documentation, not tried by runstore's tests. The folder must be in Cloud Storage: put its URL in
-- place of gs://BUCKET/PATH.
CREATE EXTERNAL TABLE evals.runs WITH CONNECTION DEFAULT OPTIONS (format = 'DELTA_LAKE', uris = ['gs://BUCKET/PATH']);
{}",
            LONG_QUESTION.replace("FROM runs", "FROM evals.runs")
        ),
    }
}
