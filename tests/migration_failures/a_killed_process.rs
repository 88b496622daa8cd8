//! The process that migrates ends without a word.

use super::*;

/// Opens the file through a handle and ends the process, with nothing tidied up, at the n-th statement.
#[test]
#[ignore = "run in a process of its own"]
fn dies_at_a_statement() {
    let Some((path, at)) = child::task() else { return };
    let (at, mut count) = (at.parse::<usize>().unwrap(), 0);
    let db = Rc::new(rusqlite::Connection::open(path).unwrap());
    let handle = Handle::heard_by(&db, move |_| {
        count += 1;
        if count == at { std::process::abort() } else { Ok(()) }
    });
    Store::on_handle(handle, "the file").unwrap();
}

#[test]
fn leaves_the_file_intact_at_any_statement() {
    const AT_ONCE: usize = 4;
    let template = oldest_file();
    let before = whole(&template.sqlite());
    let mut old = 0;
    for first in (1..).step_by(AT_ONCE) {
        let dying = (first..first + AT_ONCE).map(|statement| {
            let place = Place::new();
            std::fs::copy(&template.path, &place.path).unwrap();
            let number = statement.to_string();
            let child = child::start("a_killed_process::dies_at_a_statement", &place.path, &number);
            (statement, place, child)
        });
        let mut all_died = true;
        for (statement, place, child) in dying.collect::<Vec<_>>() {
            all_died &= child::failure(child).is_some();
            let db = place.sqlite();
            if schema_number(&db) == 0 {
                assert!(whole(&db) == before, "statement {statement}");
                old += 1;
            } else {
                assert_migrated(&db);
            }
            if statement % 10 == 0 {
                open(&place.path).unwrap();
                assert_migrated(&db);
            }
        }
        if !all_died {
            break;
        }
    }
    assert!(old > 50, "only {old} of the processes died before the commit");
    tell(format!("{} before the commit", count(old, "deaths")));
}

#[test]
fn leaves_the_turns_of_the_last_schema_intact_at_any_statement() {
    let template = last_file();
    let turns = rows(&template.sqlite(), TURNS);
    let mut old = 0;
    for statement in 1.. {
        let place = Place::new();
        std::fs::copy(&template.path, &place.path).unwrap();
        let number = statement.to_string();
        let child = child::start("a_killed_process::dies_at_a_statement", &place.path, &number);
        let died = child::failure(child).is_some();
        let db = place.sqlite();
        assert!(rows(&db, TURNS) == turns, "statement {statement}");
        if schema_number(&db) == 4 {
            old += 1;
        } else {
            assert_eq!(&shape::of_store(&db), shape::of_new_store(), "statement {statement}");
            assert_eq!(damage(&db), [""; 0], "statement {statement}");
        }
        if !died {
            break;
        }
    }
    assert!(old > 20, "only {old} of the processes died before the commit");
}

#[test]
#[ignore = "run in a process of its own"]
fn opens_the_store() {
    let Some((path, _)) = child::task() else { return };
    open(&path).unwrap();
}

/// SIGKILL at random moments, also within statements and within the writing of the WAL.
#[test]
fn leaves_the_file_whole_whenever_it_was() {
    let rounds = rounds(16) as u32;
    let template = large_file();
    let before = whole(&template.sqlite());
    let start = Instant::now();
    run_on_copy(&template, None);
    let duration = start.elapsed();
    let (mut old, mut new) = (0, 0);
    for round in 0..rounds {
        let place = run_on_copy(&template, Some(duration * round / rounds));
        let db = place.sqlite();
        if schema_number(&db) == 0 {
            assert!(whole(&db) == before, "round {round}");
            old += 1;
        } else {
            new += 1;
        }
        drop(db);
        open(&place.path).unwrap().close().unwrap();
        let db = place.sqlite();
        assert_eq!(damage(&db), [""; 0], "round {round}");
        assert_eq!(integer(&db, "SELECT count(*) FROM scores"), 6 + 6_000, "round {round}");
        assert_eq!(integer(&db, "SELECT count(*) FROM orphaned_scores"), 1, "round {round}");
    }
    assert!(old >= 3, "of {rounds} kills {old} came before the commit and {new} behind it");
    tell(format!("{} before the commit, {new} behind it", count(old, "kills")));
}

fn run_on_copy(template: &Place, kill_after: Option<Duration>) -> Place {
    let place = Place::new();
    std::fs::copy(&template.path, &place.path).unwrap();
    let mut child = child::start("a_killed_process::opens_the_store", &place.path, "");
    if let Some(time) = kill_after {
        std::thread::sleep(time);
        child.kill().unwrap();
    }
    let failed = child::failure(child);
    assert!(kill_after.is_some() || failed.is_none(), "{failed:?}");
    place
}

fn large_file() -> Place {
    let place = oldest_file();
    place
        .sqlite()
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO cases (id, run_id, idx, input, output)
             SELECT 'more-' || i, 'run-2', i, '\"in\"', hex(zeroblob(100)) FROM n;
             INSERT INTO scores (id, case_id, scorer_name, score)
             SELECT cases.id || name, cases.id, name, 0.5
             FROM cases, (SELECT 'a' AS name UNION SELECT 'b' UNION SELECT 'c')
             WHERE cases.id LIKE 'more-%';",
        )
        .unwrap();
    place
}
