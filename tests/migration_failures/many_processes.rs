//! Eight processes open one file at once.

use super::*;

const PROCESSES: usize = 8;

#[test]
#[ignore = "run in a process of its own"]
fn opens_when_the_others_do() {
    let Some((path, start)) = child::task() else { return };
    let start = Duration::from_millis(start.parse().unwrap());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    std::thread::sleep(start.saturating_sub(now));
    let store = open(&path).unwrap();
    store.create_suite("one of many").unwrap();
    store.close().unwrap();
}

fn open_all_at_once(path: &str) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let start = (now + Duration::from_millis(300)).as_millis().to_string();
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| child::start("many_processes::opens_when_the_others_do", path, &start))
        .collect();
    let failures: Vec<_> = children.into_iter().filter_map(child::failure).collect();
    assert!(failures.is_empty(), "{} of {PROCESSES} failed: {}", failures.len(), failures[0]);
}

#[test]
fn migrate_an_old_file_once() {
    let alone = oldest_file();
    open(&alone.path).unwrap();
    let cookie = integer(&alone.sqlite(), "PRAGMA schema_version");
    let rounds = rounds(3);
    tell(format!("{rounds} times {PROCESSES} processes"));
    for round in 0..rounds {
        let place = oldest_file();
        if round % 3 == 2 {
            // Not yet in WAL mode, which only one process at a time can change.
            place.sqlite().execute_batch("PRAGMA journal_mode = DELETE").unwrap();
        }
        open_all_at_once(&place.path);
        let db = place.sqlite();
        let made = db.execute("DELETE FROM suites WHERE name = 'one of many'", []).unwrap();
        assert_eq!(made, PROCESSES);
        assert_migrated(&db);
        assert_eq!(
            integer(&db, "PRAGMA schema_version"),
            cookie,
            "the schema was changed more than once"
        );
    }
}

#[test]
fn make_a_new_file_once() {
    let rounds = rounds(3);
    tell(format!("{rounds} times {PROCESSES} processes"));
    for _ in 0..rounds {
        let place = Place::new();
        open_all_at_once(&place.path);
        let db = place.sqlite();
        assert_eq!(integer(&db, "SELECT count(*) FROM suites"), PROCESSES as i64);
        assert_eq!(&shape::of_store(&db), shape::of_new_store());
        assert_eq!(damage(&db), [""; 0]);
    }
}
