//! The first hundred bytes of a file say how the rest is to be read.

use super::read_everything::read_everything;
use super::*;

/// Opens, reads and writes; whatever happens is an answer.
fn use_it(place: &Place, what: &str) {
    let store = match open(&place.path) {
        Ok(store) => store,
        Err(error) => return assert_ne!(error.code, Code::Internal, "{what}: {error}"),
    };
    let mut errors = read_everything(&store);
    errors.extend(store.save_cases([Ok(case("second"))]).err());
    for error in errors {
        assert_ne!(error.code, Code::Internal, "{what}: {error}");
    }
}

#[test]
fn any_wrong_byte_is_an_error_or_harmless() {
    let original = store_file();
    let bytes = std::fs::read(&original.path).unwrap();
    let place = Place::new();
    let wrongs = [0, 1, 0x7f, 0xff];
    support::figures::tell(support::figures::count(100 * wrongs.len(), "files"));
    for at in 0..100 {
        for wrong in wrongs {
            let mut forged = bytes.clone();
            forged[at] = wrong;
            std::fs::write(&place.path, &forged).unwrap();
            for beside in ["-wal", "-shm", "-journal"] {
                let _ = std::fs::remove_file(format!("{}{beside}", place.path));
            }
            use_it(&place, &format!("byte {at} is {wrong}"));
        }
    }
}

/// Numbers of four bytes, big-endian, and where they stand.
#[test]
fn a_file_may_say_that_it_has_four_billion_pages() {
    let bytes = std::fs::read(store_file().path).unwrap();
    for (what, at) in
        [("pages", 28), ("first free page", 32), ("free pages", 36), ("largest root", 52)]
    {
        for number in [u32::MAX, u32::MAX - 1, 1 << 31, 1_000_000] {
            let place = Place::new();
            let mut forged = bytes.clone();
            forged[at..at + 4].copy_from_slice(&number.to_be_bytes());
            // "Valid for" has to be the change counter, or SQLite does not believe the number of pages.
            forged.copy_within(24..28, 92);
            std::fs::write(&place.path, &forged).unwrap();
            use_it(&place, &format!("{number} {what}"));
            let grown = std::fs::metadata(&place.path).unwrap().len();
            assert!(grown < 10 * bytes.len() as u64, "{what}: {grown} bytes");
        }
    }
}

#[test]
fn a_file_in_utf16_is_read() {
    let place = Place::new();
    place
        .sqlite()
        .execute_batch("PRAGMA encoding = 'UTF-16be'; CREATE TABLE x (id); DROP TABLE x")
        .unwrap();
    let store = open(&place.path).unwrap();
    let suite = store.create_suite("é 日本 🦀").unwrap();
    assert_eq!(store.get_suite(&suite.id).unwrap().unwrap().name, "é 日本 🦀");
    let run =
        NewRun { id: Some("run"), suite_id: &suite.id, name: "n", model: "m", ..NewRun::default() };
    store.create_run(&run).unwrap();
    assert!(read_everything(&store).is_empty());
}
