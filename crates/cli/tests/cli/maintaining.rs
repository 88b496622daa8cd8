//! doctor, backup, merge, prune and vacuum.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use runstore::model::RunStatus;
use runstore_cli::{Environment, Stream, run};

use super::fixture::{FIRST, Fixture, RIVERS, SECOND};
use super::terminal::{NOW, call, everywhere, snapshot};

const STORE: &str = ".evals/store.db";

fn sqlite(folder: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(folder.join(STORE)).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    db
}

/// Overwrites a page with nonsense: the first, or a leaf of the cases.
fn damage(folder: &Path, first: bool) {
    let sql = "SELECT pageno FROM dbstat WHERE name = 'cases' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 1";
    let leaf = || sqlite(folder).query_row(sql, [], |row| row.get(0)).unwrap();
    let page: u32 = if first { 1 } else { leaf() };
    let mut file = std::fs::File::options().write(true).open(folder.join(STORE)).unwrap();
    file.seek(SeekFrom::Start(u64::from(page - 1) * 4096)).unwrap();
    file.write_all(&[0xaa; 4096]).unwrap();
}

/// A store with something of everything that the doctor knows, told in text that a terminal would obey.
pub fn sick() -> tempfile::TempDir {
    let folder = Fixture::new().finish();
    sqlite(folder.path())
        .execute_batch(&format!(
            "UPDATE cases SET input = '1, 2', id = 'red' || char(27) || '[31m' WHERE id = '77aa77aa-00';
             UPDATE cases SET input = replace(hex(zeroblob(2)), '0', x'ff') WHERE id = '1a2b3c4d-07';
             DELETE FROM runs WHERE id = '{RIVERS}';
             DROP INDEX idx_runs_suite_id;"
        ))
        .unwrap();
    folder
}

#[test]
fn the_doctor_of_a_healthy_store() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("doctor");
    calls.extend(everywhere("doctor --stale 1m"));
    calls.extend([
        call("doctor --stale 1m --fail-stale-runs"),
        call("doctor --stale 1m"),
        call("runs --status running"),
        call("doctor --stale 1"),
        call("doctor --salvage out.db --fix"),
        call("doctor --store missing.db"),
    ]);
    snapshot("doctor-healthy", folder.path(), &calls);
}

#[test]
fn the_doctor_of_a_sick_store() {
    let folder = sick();
    let mut calls = everywhere("doctor");
    calls.extend([call("doctor --fix"), call("doctor")]);
    snapshot("doctor-sick", folder.path(), &calls);
}

#[test]
fn doctor_salvages_what_is_readable_in_a_damaged_file() {
    let folder = Fixture::new().finish();
    damage(folder.path(), false);
    let before = std::fs::read(folder.path().join(STORE)).unwrap();
    let calls = [
        call("doctor"),
        call("doctor --fix"),
        call("doctor --salvage rescued.db"),
        call("doctor --salvage again.db").narrow(),
        call("doctor --salvage coloured.db").coloured(),
        call("doctor --salvage told.db --json"),
        call("doctor --salvage rescued.db"),
        call("doctor --salvage ''"),
        call("doctor --store rescued.db"),
        call("suites --store rescued.db"),
        call("doctor --salvage missing/out.db --store missing.db"),
    ];
    snapshot("salvage", folder.path(), &calls);
    assert!(before == std::fs::read(folder.path().join(STORE)).unwrap(), "it was written to");
}

#[test]
fn a_file_without_its_first_page_cannot_be_examined() {
    let folder = Fixture::new().finish();
    damage(folder.path(), true);
    let calls = ["doctor", "doctor --fix", "doctor --salvage out.db"];
    snapshot("no-first-page", folder.path(), &calls.map(call));
    assert!(!folder.path().join("out.db").exists());
}

#[test]
fn backups() {
    let folder = Fixture::new().finish();
    std::fs::write(folder.path().join("text"), "not a database").unwrap();
    let mut calls = everywhere("backup copies/nightly.db");
    calls.extend([
        call("backup text"),
        call("backup .evals/store.db"),
        call("backup ''"),
        call("backup"),
        call("backup copy.db --store missing.db"),
        call("runs --limit 2 --store copies/nightly.db"),
    ]);
    snapshot("backup", folder.path(), &calls);
    assert_eq!(std::fs::read(folder.path().join("text")).unwrap(), b"not a database");
}

/// Runs a backup of a store of several steps, and returns what it says on stderr.
fn said_of_a_long_backup(is_terminal: bool, term: &str) -> String {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("long", 1);
    fixture.run(&suite, FIRST, "long", "gpt-4", 1000);
    for idx in 0..24 {
        fixture.case(FIRST, idx, Some(&"x".repeat(1 << 20)), None);
    }
    let folder = fixture.finish();
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let environment = Environment {
        stdout: Stream::new(&mut output, false),
        stderr: Stream::new(&mut errors, is_terminal),
        width: Some(80),
        variables: [("TERM".to_owned(), term.into())].into(),
        folder: folder.path().to_owned(),
        now: NOW,
        input: None,
    };
    assert_eq!(run(["backup", "copy.db"].map(Into::into), &environment), 0);
    drop(environment);
    String::from_utf8(errors).unwrap()
}

#[test]
fn a_long_backup_shows_its_progress_at_a_terminal_and_wipes_it_away() {
    let said = said_of_a_long_backup(true, "xterm");
    let shown: Vec<&str> = said.split('\r').collect();
    assert!(shown.len() > 5, "{said:?}");
    assert_eq!(shown[0], "");
    assert!(shown[1].starts_with("backup ████░"), "{said:?}");
    assert_eq!(shown[shown.len() - 3], format!("backup {} 100%", "█".repeat(30)));
    assert_eq!(shown[shown.len() - 2].trim(), "");
    assert_eq!(shown[shown.len() - 2].len(), "backup ".len() + 30 + " 100%".len());
    assert_eq!(shown[shown.len() - 1], "");
    let percents: Vec<u32> = shown[1..shown.len() - 2]
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap().trim_end_matches('%').parse().unwrap())
        .collect();
    assert!(percents.is_sorted_by(|one, next| one < next), "{percents:?}");
    assert_eq!(said_of_a_long_backup(false, "xterm"), "");
    assert_eq!(said_of_a_long_backup(true, "dumb"), "");
}

/// Adds the file of a shard: a suite and one run of it.
fn shard(folder: &Path, name: &str, id: &str, days_ago: i64) {
    let mut fixture = Fixture::empty();
    let suite = fixture.suite("capitals", days_ago);
    fixture.run(&suite, id, name, "gpt-4", 1000);
    for idx in 0..3 {
        fixture.case(id, idx, Some("Paris"), None);
        fixture.score(id, idx, "exact", 1.0, None);
    }
    fixture.finish_run(id, RunStatus::Completed);
    let shard = fixture.finish();
    std::fs::copy(shard.path().join(STORE), folder.join(format!("{name}.db"))).unwrap();
}

#[test]
fn merging() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "shard-1", FIRST, 2);
    shard(folder.path(), "shard-2", SECOND, 2);
    let mut calls = everywhere("merge all.db shard-1.db shard-2.db");
    calls.extend([
        call("runs --store all.db"),
        call("merge shard-1.db shard-1.db"),
        call("merge new.db shard-3.db"),
        call("merge new.db ''"),
        call("merge new.db"),
        call("merge new.db shard-1.db --store all.db"),
    ]);
    snapshot("merge", folder.path(), &calls);
    assert!(!folder.path().join("new.db").exists());
}

#[test]
fn conflicting_rows_prevent_a_merge() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "shard-1", FIRST, 2);
    shard(folder.path(), "shard-2", FIRST, 9);
    let calls = everywhere("merge all.db shard-1.db shard-2.db");
    snapshot("merge-conflicts", folder.path(), &calls);
    assert!(!folder.path().join("all.db").exists());
}

#[test]
fn suites_with_the_same_name_are_merged_on_request() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), "shard-1", FIRST, 2);
    shard(folder.path(), "shard-2", SECOND, 2);
    // Each made the suite for itself.
    let db = rusqlite::Connection::open(folder.path().join("shard-2.db")).unwrap();
    db.execute_batch(
        "PRAGMA foreign_keys = OFF; UPDATE runs SET suite_id = 'mine'; UPDATE suites SET id = 'mine'",
    )
    .unwrap();
    drop(db);
    let calls = [
        "merge all.db shard-1.db shard-2.db --unite-suites",
        "suites --store all.db",
        "merge apart.db shard-1.db shard-2.db",
        "suites --store apart.db",
    ];
    snapshot("merge-suites", folder.path(), &calls.map(call));
}

#[test]
fn unreadable_values_are_named_and_all_others_are_shown() {
    let folder = Fixture::new().finish();
    let damage = "UPDATE runs SET config = '{' WHERE name = 'second';
                  UPDATE cases SET input = 'Paris', expected = '{' WHERE rowid = 1;";
    sqlite(folder.path()).execute_batch(damage).unwrap();
    let lists = [
        "runs",
        "runs --json",
        "runs --suite rivers",
        "suites",
        "cases first --suite capitals --limit 3",
    ];
    snapshot("damaged-values", folder.path(), &lists.map(call));
    assert_eq!(call("doctor --fix").run_in(folder.path()).code, 0);
    snapshot("damaged-values-set-aside", folder.path(), &[lists[0], lists[4]].map(call));
}

#[test]
fn pruning() {
    let folder = Fixture::new().finish();
    let mut calls = everywhere("prune --keep 1 --dry-run");
    calls.extend([
        call("prune --older-than 5d --dry-run"),
        call("prune --older-than 1d --keep 2 --suite capitals --dry-run"),
        call("prune --max-size 1GB --dry-run"),
        call("prune --max-size 1kB --dry-run"),
        call("baseline set first --suite rivers"),
        call("prune --max-size 1kB --json"),
        call("runs"),
        call("prune --older-than 1h").narrow(),
        call("prune"),
        call("prune --keep few"),
        call("prune --older-than 5"),
        call("prune --max-size large"),
        call("prune --keep 1 --suite lakes"),
    ]);
    snapshot("prune", folder.path(), &calls);
}

/// Runs that are running: of a process that has ended, of another machine, of one that lives, and `nightly`, which says
/// nothing.
#[cfg(target_os = "linux")]
fn left_behind() -> tempfile::TempDir {
    use runstore::process::Process;

    let mut fixture = Fixture::new();
    let suite = fixture.suite("lakes", 1);
    // No process has this id.
    let gone = Process { pid: 2_147_483_646, host: "laptop".to_owned(), ..Process::this() };
    let identity = "1 boot 2,3 machine".to_owned();
    let far = Process { pid: 4242, host: "runner-7".to_owned(), identity };
    for (id, name, process, hours_ago) in [
        ("5e5e5e5e-0000-4000-8000-000000000006", "killed", gone, 3),
        ("6f6f6f6f-0000-4000-8000-000000000007", "elsewhere", far, 30),
        ("70707070-0000-4000-8000-000000000008", "slow", Process::this(), 40),
    ] {
        let hour = 60 * 60 * 1000;
        fixture.run(&suite, id, name, "gpt-4", (hours_ago + 1) * hour);
        fixture.owned(id, &process, hours_ago * hour);
    }
    fixture.finish()
}

#[cfg(target_os = "linux")]
#[test]
fn recover_marks_abandoned_runs() {
    let folder = left_behind();
    let mut calls = everywhere("recover --older-than 1m --dry-run");
    calls.extend([
        call("doctor"),
        call("doctor").narrow(),
        call("recover --dry-run"),
        call("recover --suite rivers"),
        call("recover --suite missing"),
        call("recover --older-than 2"),
        call("recover --store missing.db"),
        call("recover"),
        call("recover"),
        call("doctor --fail-stale-runs"),
        call("recover --older-than 1m --json"),
        call("runs --suite lakes"),
    ]);
    snapshot("recover", folder.path(), &calls);
}

#[test]
fn an_age_ends_at_the_time_of_the_session() {
    // `second` started two days ago.
    for (age, expected) in [("47h", 2), ("49h", 1)] {
        let folder = Fixture::new().finish();
        let line = format!("prune --suite capitals --older-than {age} --json");
        let told: serde_json::Value =
            serde_json::from_str(&call(&line).run_in(folder.path()).stdout).unwrap();
        assert_eq!(told["runs"].as_array().unwrap().len(), expected, "{age}");
    }
}

#[test]
fn vacuum() {
    let folder = Fixture::new().finish();
    let mut calls = vec![call("vacuum")];
    snapshot("vacuum-nothing", folder.path(), &calls);
    sqlite(folder.path()).execute_batch("DELETE FROM scores; DELETE FROM cases").unwrap();
    calls = vec![call("doctor"), call("vacuum"), call("vacuum --json"), call("doctor")];
    snapshot("vacuum", folder.path(), &calls);
}
