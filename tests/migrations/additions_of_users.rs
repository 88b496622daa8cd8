//! Views, triggers, indexes, columns and tables that users added to a file of the reference.

use super::*;

/// A log that every trigger writes to, and triggers on our tables and on one of the user's.
const TRIGGERS: &str = "CREATE TABLE audit (what TEXT);
      CREATE TABLE notes (run_id TEXT, text TEXT);
      CREATE TRIGGER run_made AFTER INSERT ON runs BEGIN INSERT INTO audit VALUES ('made ' || new.id); END;
      CREATE TRIGGER run_changed AFTER UPDATE ON runs BEGIN INSERT INTO audit VALUES ('changed'); END;
      CREATE TRIGGER run_gone BEFORE DELETE ON runs BEGIN INSERT INTO audit VALUES ('gone'); END;
      CREATE TRIGGER case_gone AFTER DELETE ON cases BEGIN INSERT INTO audit VALUES ('case gone'); END;
      CREATE TRIGGER score_kept BEFORE DELETE ON scores BEGIN SELECT RAISE(ABORT, 'scores are for ever'); END;
      CREATE TRIGGER prompt_made AFTER INSERT ON prompts BEGIN INSERT INTO audit VALUES ('prompt'); END;
      CREATE TRIGGER note_of_run AFTER INSERT ON notes BEGIN
        UPDATE runs SET name = new.text WHERE id = new.run_id; END;";

fn old_shapes() -> Vec<(String, String)> {
    let shapes = SuiteReference::OUTDATED.into_iter().chain([SuiteReference::Cascade]);
    let shapes = shapes.map(|one| (format!("{one:?}"), old_file::schema_with(one)));
    let without_versions = old_file::schema_without_versions(REFERENCE, "TEXT NOT NULL UNIQUE");
    shapes.chain([("no versions".to_owned(), without_versions)]).collect()
}

#[test]
fn views_still_work() {
    for (label, schema) in old_shapes() {
        let place = old_file::make(&[
                &schema,
                ROWS,
                "CREATE VIEW completed AS SELECT id, name FROM runs WHERE status = 'completed';
                 CREATE VIEW graded AS SELECT cases.*, scores.score FROM cases JOIN scores ON case_id = cases.id
                   JOIN runs ON runs.id = cases.run_id;
                 CREATE VIEW names AS SELECT name FROM prompts UNION SELECT name FROM completed;
                 CREATE VIEW broken AS SELECT * FROM no_such_table;",
            ]);
        migrate(&place);
        let db = place.sqlite();
        assert_eq!(rows(&db, "SELECT * FROM completed"), ["\"run-1\", \"first\""], "{label}");
        assert_eq!(integer(&db, "SELECT count(*) FROM graded"), 6, "{label}");
        assert_eq!(rows(&db, "SELECT * FROM names"), ["\"first\""], "{label}");
        assert_eq!(integer(&db, "SELECT count(*) FROM sqlite_master WHERE name = 'broken'"), 1);
        assert_usable(&label, &place);
    }
}

#[test]
fn triggers_stay_and_do_not_see_the_migration() {
    for (label, schema) in old_shapes() {
        let orphans = "INSERT INTO runs (id, suite_id, name, model, started_at) VALUES ('o', 'none', 'n', 'm', 1);
              INSERT INTO cases (id, run_id, idx, input) VALUES ('o-1', 'o', 0, '1');
              INSERT INTO scores VALUES ('o-x', 'o-1', 'exact', 1, NULL);";
        let prompts =
            "INSERT INTO prompts (id, name, content, created_at) VALUES ('p', 'n', 'c', 1)";
        let prompts = if label == "no versions" { prompts } else { "" };
        let place = old_file::make(&[&schema, ROWS, orphans, prompts, TRIGGERS]);
        let triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name";
        let before = rows(&place.sqlite(), triggers);

        migrate(&place);

        let db = place.sqlite();
        assert_eq!(rows(&db, triggers), before, "{label}");
        assert_eq!(rows(&db, "SELECT * FROM audit"), [""; 0], "{label}: a trigger fired");
        assert_eq!(integer(&db, "SELECT count(*) FROM orphaned_scores"), 1, "{label}");

        db.execute_batch("INSERT INTO notes VALUES ('run-1', 'renamed')").unwrap();
        assert_eq!(
            rows(&db, "SELECT name FROM runs WHERE id = 'run-1'"),
            ["\"renamed\""],
            "{label}"
        );
        assert!(db.execute_batch("DELETE FROM scores").is_err(), "{label}");
        let store = open(&place.path).unwrap();
        let new = NewRun {
            id: Some("r"),
            suite_id: "suite-a",
            name: "n",
            model: "m",
            ..NewRun::default()
        };
        store.create_run(&new).unwrap();
        store.delete_run("r").unwrap();
        assert_eq!(
            rows(&db, "SELECT * FROM audit"),
            ["\"changed\"", "\"made r\"", "\"gone\""],
            "{label}"
        );
    }
}

#[test]
fn indexes_stay() {
    for (label, schema) in old_shapes() {
        let place = old_file::make(&[
            &schema,
            ROWS,
            "CREATE INDEX my_models ON runs(model COLLATE NOCASE, started_at DESC);
                 CREATE UNIQUE INDEX my_run ON runs(suite_id, name) WHERE status = 'completed';
                 CREATE INDEX my_errors ON cases(error) WHERE error IS NOT NULL;
                 CREATE INDEX my_lengths ON cases(length(output));
                 CREATE INDEX my_contents ON prompts(content);",
        ]);
        let mine =
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE name LIKE 'my_%' ORDER BY name";
        let before = rows(&place.sqlite(), mine);
        migrate(&place);
        let db = place.sqlite();
        assert_eq!(rows(&db, mine), before, "{label}");
        assert_sound(&label, &db);
        let plan =
            rows(&db, "EXPLAIN QUERY PLAN SELECT * FROM runs WHERE model = 'x' COLLATE NOCASE");
        assert!(plan[0].contains("my_models"), "{label}: {plan:?}");
    }
}

#[test]
fn columns_stay_as_they_were_declared() {
    for (label, schema) in old_shapes() {
        // Made with the table in one case and added to it later in the other.
        let schema = replace_once(
            &schema,
            "  summary TEXT",
            "  summary TEXT,\n  \"my team\" TEXT NOT NULL DEFAULT ('a' || 'b') COLLATE NOCASE, -- a, comment (\n  \
                 my_seconds REAL GENERATED ALWAYS AS ((finished_at - started_at) / 1000) STORED",
        );
        let place = old_file::make(&[
                &schema,
                ROWS,
                "CREATE TABLE people (id INTEGER PRIMARY KEY); INSERT INTO people VALUES (7);
                 ALTER TABLE runs ADD COLUMN my_owner INTEGER REFERENCES people(id) ON DELETE SET NULL;
                 ALTER TABLE runs ADD COLUMN my_label TEXT CHECK (my_label <> '');
                 ALTER TABLE cases ADD COLUMN my_note TEXT;
                 ALTER TABLE prompts ADD COLUMN my_author TEXT DEFAULT 'me';
                 UPDATE runs SET \"my team\" = 'Reds', my_owner = 7 WHERE id = 'run-1';
                 UPDATE cases SET my_note = 'note of ' || id;
                 CREATE INDEX my_team ON runs(\"my team\");",
            ]);
        let declared = |db: &Connection| {
            rows(
                db,
                "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.hidden
                     FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS c
                     WHERE m.type = 'table' AND c.name LIKE 'my%' ORDER BY m.name, c.name",
            )
        };
        let values = |db: &Connection| {
            [
                rows(
                    db,
                    "SELECT id, \"my team\", my_seconds, my_owner, my_label FROM runs ORDER BY id",
                ),
                rows(db, "SELECT id, my_note FROM cases ORDER BY id"),
            ]
        };
        let before = (declared(&place.sqlite()), values(&place.sqlite()));
        let content = old_file::content(&place.sqlite());

        migrate(&place);

        let db = place.sqlite();
        assert_eq!((declared(&db), values(&db)), before, "{label}");
        assert_eq!(old_file::content(&db), content, "{label}");
        assert_eq!(
            integer(&db, "SELECT count(*) FROM runs WHERE \"my team\" = 'REDS'"),
            1,
            "{label}: collation"
        );
        assert!(db.execute_batch("UPDATE runs SET my_label = ''").is_err(), "{label}: check");
        db.execute_batch("PRAGMA foreign_keys = ON; DELETE FROM people").unwrap();
        assert_eq!(
            integer(&db, "SELECT count(*) FROM runs WHERE my_owner IS NULL"),
            3,
            "{label}: reference"
        );
        assert_eq!(damage(&db), [""; 0], "{label}");
        assert_usable(&label, &place);
    }
}

#[test]
fn rowids_stay_for_tables_that_refer_to_them() {
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    let place = old_file::make(&[
        &schema,
        ROWS,
        "DELETE FROM runs WHERE id = 'run-1'; UPDATE runs SET rowid = 500 WHERE id = 'run-2'",
    ]);
    let rowids = "SELECT rowid, id FROM runs ORDER BY rowid";
    let before = rows(&place.sqlite(), rowids);
    migrate(&place);
    assert_eq!(rows(&place.sqlite(), rowids), before);
}

#[test]
fn tables_that_refer_to_runs_keep_their_rows() {
    let schema = old_file::schema_with(SuiteReference::NullableCascade);
    let place = old_file::make(&[
        &schema,
        ROWS,
        "CREATE TABLE artifacts (run_id TEXT REFERENCES runs(id) ON DELETE CASCADE, path TEXT);
             INSERT INTO artifacts VALUES ('run-1', 'a'), ('run-2', 'b');",
    ]);
    migrate(&place);
    let db = place.sqlite();
    assert_eq!(rows(&db, "SELECT * FROM artifacts"), ["\"run-1\", \"a\"", "\"run-2\", \"b\""]);
    open(&place.path).unwrap().delete_run("run-1").unwrap();
    assert_eq!(rows(&db, "SELECT * FROM artifacts"), ["\"run-2\", \"b\""]);
}

#[test]
fn a_column_of_ours_that_a_user_had_before_is_taken_over_when_it_holds_json() {
    let schema = old_file::schema_with(SuiteReference::NullableSetNull);
    for (label, schema) in [("rebuilt", schema.as_str()), ("extended", REFERENCE)] {
        let mine = "ALTER TABLE runs ADD COLUMN metadata TEXT;
                UPDATE runs SET metadata = '{\"a\":1}' WHERE id = 'run-1'";
        let place = old_file::make(&[schema, ROWS, mine]);
        migrate(&place);
        let db = place.sqlite();
        assert_eq!(
            rows(&db, "SELECT metadata FROM runs WHERE id = 'run-1'"),
            ["\"{\\\"a\\\":1}\""],
            "{label}"
        );
        assert_sound(label, &db);
    }
}
