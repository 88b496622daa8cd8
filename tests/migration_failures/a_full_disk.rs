//! The file cannot grow.

use super::*;

/// Adds enough rows that a migration needs many pages.
fn larger_file() -> Place {
    let place = oldest_file();
    place
        .sqlite()
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO runs (id, suite_id, name, model, started_at)
             SELECT 'more-' || i, 'suite-a', 'a run with a longer name', 'm', i FROM n",
        )
        .unwrap();
    place
}

#[test]
fn leaves_the_old_file_intact_and_is_reported() {
    let place = larger_file();
    let before = whole(&place.sqlite());
    let pages = integer(&place.sqlite(), "PRAGMA page_count");
    for spare in [0, 1, 2, 5, 10] {
        let db = Bundled::open(&place.path, &OpenOptions::default()).unwrap();
        db.execute_script(&format!("PRAGMA max_page_count = {}", pages + spare)).unwrap();
        let error = schema::prepare(&db).unwrap_err();
        assert_eq!(error.code, Code::DiskFull, "{spare} pages to spare: {error}");
        assert!(!db.in_transaction().unwrap(), "{spare} pages to spare");
        drop(db);
        assert!(whole(&place.sqlite()) == before, "{spare} pages to spare");
    }
    open(&place.path).unwrap();
    let db = place.sqlite();
    assert_eq!(integer(&db, "SELECT count(*) FROM runs"), 2003);
    assert_eq!(damage(&db), [""; 0]);
}

#[test]
fn leaves_the_turns_of_the_last_schema_whole() {
    let place = last_file();
    let turns = rows(&place.sqlite(), TURNS);
    let pages = integer(&place.sqlite(), "PRAGMA page_count");
    let mut full = 0;
    for spare in (0..).step_by(7) {
        let db = Bundled::open(&place.path, &OpenOptions::default()).unwrap();
        db.execute_script(&format!("PRAGMA max_page_count = {}", pages + spare)).unwrap();
        let prepared = schema::prepare(&db);
        drop(db);
        assert!(rows(&place.sqlite(), TURNS) == turns, "{spare} pages to spare");
        match prepared {
            Ok(()) => break,
            Err(error) => assert_eq!(error.code, Code::DiskFull, "{spare} pages to spare: {error}"),
        }
        assert_eq!(schema_number(&place.sqlite()), 4, "{spare} pages to spare");
        full += 1;
    }
    assert!(full > 3, "the disk was full {full} times only");
    assert_eq!(schema_number(&place.sqlite()), schema::VERSION);
    assert_eq!(damage(&place.sqlite()), [""; 0]);
}

#[test]
fn leaves_a_new_file_to_be_made_later() {
    let place = Place::new();
    let db = Bundled::open(&place.path, &OpenOptions::default()).unwrap();
    db.execute_script("PRAGMA max_page_count = 5").unwrap();
    assert_eq!(schema::prepare(&db).unwrap_err().code, Code::DiskFull);
    drop(db);
    open(&place.path).unwrap();
    assert_eq!(&shape::of_store(&place.sqlite()), shape::of_new_store());
}
