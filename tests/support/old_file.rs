//! Files as older versions of the reference left them.

use super::{Place, rows};

/// The schema of the reference's newest version.
pub const REFERENCE: &str = include_str!("../fixtures/reference-0.29.1.sql");
/// Rows for it and for all of its older shapes.
pub const ROWS: &str = include_str!("../fixtures/reference-rows.sql");
/// Our own first schema.
pub const FIRST: &str = include_str!("../fixtures/runstore-1.sql");
/// Our own second schema.
pub const SECOND: &str = include_str!("../fixtures/runstore-2.sql");
/// Our own third schema.
pub const THIRD: &str = include_str!("../fixtures/runstore-3.sql");
/// Our own fourth schema.
pub const FOURTH: &str = include_str!("../fixtures/runstore-4.sql");
/// Trajectories for it, each role in a turn, and a long text that two turns share.
pub const EPISODES: &str = "
  INSERT INTO texts VALUES (1, x'01', 600, 'long');
  INSERT INTO trajectories (id, run_id, benchmark, idx, reward) VALUES (1, 'run-1', 'b', 0, 0.5), (2, 'run-2', 'b', 0, 1);
  INSERT INTO turns (trajectory_id, position, role, content) VALUES (1, 0, 'system', 's'), (1, 1, 'user', 'u'),
    (1, 2, 'assistant', 'a'), (1, 3, 'tool', 't'), (1, 4, 'environment', 'e'), (1, 5, 'grader', 'g');
  INSERT INTO turns (trajectory_id, position, role, text_id, is_parts, token_count, metadata) VALUES
    (2, 0, 'user', 1, 1, 7, '{}'), (2, 1, 'user', 1, NULL, NULL, NULL);";

/// How a table `runs` of old refers to its suite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SuiteReference {
    /// As today.
    Cascade,
    NullableNoAction,
    NullableSetNull,
    NullableCascade,
    SetNull,
    NotNullWithoutReference,
    NullableWithoutReference,
}

impl SuiteReference {
    pub const OUTDATED: [SuiteReference; 6] = [
        SuiteReference::NullableNoAction,
        SuiteReference::NullableSetNull,
        SuiteReference::NullableCascade,
        SuiteReference::SetNull,
        SuiteReference::NotNullWithoutReference,
        SuiteReference::NullableWithoutReference,
    ];

    pub fn is_nullable(self) -> bool {
        use SuiteReference::*;
        matches!(
            self,
            NullableNoAction | NullableSetNull | NullableCascade | NullableWithoutReference
        )
    }

    fn apply(self, schema: &str) -> String {
        let reference = match self {
            SuiteReference::Cascade | SuiteReference::NullableCascade => Some(" ON DELETE CASCADE"),
            SuiteReference::NullableSetNull | SuiteReference::SetNull => {
                Some(" ON DELETE SET NULL")
            }
            SuiteReference::NullableNoAction => Some(""),
            SuiteReference::NotNullWithoutReference | SuiteReference::NullableWithoutReference => {
                None
            }
        };
        let line = ",\n  FOREIGN KEY (suite_id) REFERENCES suites(id) ON DELETE CASCADE";
        let new_line = match reference {
            Some(action) => format!(",\n  FOREIGN KEY (suite_id) REFERENCES suites(id){action}"),
            None => String::new(),
        };
        let schema = replace_once(schema, line, &new_line);
        if self.is_nullable() {
            replace_once(&schema, "suite_id TEXT NOT NULL", "suite_id TEXT")
        } else {
            schema
        }
    }
}

/// Replaces text that must be there once, so that a fixture cannot silently stay as it was.
pub fn replace_once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} is not once in the text");
    text.replacen(from, to, 1)
}

/// The reference's schema with `runs` in an older shape.
pub fn schema_with(reference: SuiteReference) -> String {
    reference.apply(REFERENCE)
}

/// The reference's schema with `prompts` as before versions.
pub fn schema_without_versions(schema: &str, name: &str) -> String {
    let start = schema.find("CREATE TABLE prompts").unwrap();
    let end = schema.find("CREATE INDEX idx_prompts_created_at").unwrap();
    let prompts = format!(
        "CREATE TABLE prompts (\n  id TEXT PRIMARY KEY,\n  name {name},\n  content TEXT NOT NULL,\n  \
         created_at INTEGER NOT NULL DEFAULT (unixepoch() * 1000)\n);\n\n"
    );
    let schema = format!("{}{prompts}{}", &schema[..start], &schema[end..]);
    replace_once(
        &schema,
        "CREATE INDEX idx_prompts_name_version ON prompts(name, version DESC);",
        "",
    )
}

/// Makes a file as an older program left it: in WAL mode and closed.
pub fn make(scripts: &[&str]) -> Place {
    let place = Place::new();
    let db = place.sqlite();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF").unwrap();
    run(&db, scripts);
    db.close().unwrap();
    place
}

/// Makes the same in memory.
pub fn make_in_memory(scripts: &[&str]) -> rusqlite::Connection {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    run(&db, scripts);
    db.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    db
}

fn run(db: &rusqlite::Connection, scripts: &[&str]) {
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for script in scripts {
        db.execute_batch(script).unwrap();
    }
}

/// The columns that the reference has always had, by table.
const COLUMNS: [(&str, &str); 5] = [
    ("suites", "id, name, created_at"),
    ("runs", "id, suite_id, name, model, config, started_at, finished_at, status, summary"),
    ("cases", "id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error"),
    ("scores", "id, case_id, scorer_name, score, reason"),
    ("prompts", "id, name, content, created_at"),
];

/// Returns all rows of one of the reference's tables in insertion order, or of its `orphaned_` counterpart.
pub fn content_of(db: &rusqlite::Connection, table: &str) -> Vec<String> {
    let base = table.trim_start_matches("orphaned_");
    let columns = COLUMNS.iter().find(|(name, _)| *name == base).unwrap().1;
    rows(db, &format!("SELECT {columns} FROM {table} ORDER BY rowid"))
}

/// Returns all rows of all of the reference's tables.
pub fn content(db: &rusqlite::Connection) -> Vec<(&'static str, Vec<String>)> {
    COLUMNS.iter().map(|(table, _)| (*table, content_of(db, table))).collect()
}
