//! Bytes that changed, and files that are cut off or gone.

use super::support::Place;
use super::support::figures::{count, tell};
use super::support::random::{Random, rounds};
use super::*;
use runstore::maintenance::{DoctorOptions, doctor, salvage};
use runstore::store::{JsonCheck, refuse};
use runstore::{Code, StoreError};

/// A closed store of four batches.
fn closed() -> Place {
    let place = Place::new();
    let store = support::open(&place.path).unwrap();
    add_run(&store).unwrap();
    (0..4).for_each(|batch| save_batch(&store, batch).unwrap());
    store.close().unwrap();
    place
}

fn assert_typed(error: &StoreError, path: &str, what: &str) {
    assert!(error.message().contains(path), "{what}: {error}");
    let typed = [
        Code::Corrupt,
        Code::NotADatabase,
        Code::Schema,
        Code::SchemaTooNew,
        Code::Io,
        Code::Constraint,
        // Where a name in the schema has become another.
        Code::Sqlite,
        // Where the header asks for a newer SQLite to write.
        Code::ReadOnly,
    ];
    assert!(typed.contains(&error.code), "{what}: {error:?}");
}

/// Uses a damaged file in every way: each returns or fails as it should.
fn use_all(place: &Place, what: &str) {
    let path = place.path.as_str();
    let check =
        |outcome: Result<()>| outcome.unwrap_or_else(|error| assert_typed(&error, path, what));
    match support::open(path) {
        Ok(store) => {
            check(store.list_runs(None, &refuse).map(drop));
            check(store.read_cases("run", JsonCheck::Skip, |_| Ok(())));
            check(store.get_run_summary("run", 0.5).map(drop));
            check(
                doctor(&store, &DoctorOptions { fix: true, ..DoctorOptions::default() }).map(drop),
            );
            check(store.save_cases([Ok(NewCase {
                run_id: "run",
                input: "1",
                ..NewCase::default()
            })]));
            check(store.close());
        }
        Err(error) => assert_typed(&error, path, what),
    }
    let out = place.file("rescued.db");
    match salvage(path, &out) {
        Ok(_) => {
            let db = rusqlite::Connection::open(&out).unwrap();
            assert_eq!(support::damage(&db), [""; 0], "{what}");
            drop(db);
            ["", "-wal", "-shm"]
                .iter()
                .for_each(|suffix| drop(std::fs::remove_file(format!("{out}{suffix}"))));
        }
        Err(error) => assert_typed(&error, path, what),
    }
}

#[test]
fn flipped_bits_in_any_page_are_an_error_or_do_no_harm() {
    let (mut random, seed) = Random::new();
    let place = closed();
    let whole = std::fs::read(&place.path).unwrap();
    let pages = whole.len() as u64 / 4096;
    assert!(pages > 20);
    let files = rounds(3) as u64 * pages;
    tell(format!("{}, one to eight bits flipped in each", count(files as usize, "files")));
    for round in 0..files {
        let mut bytes = whole.clone();
        let page = round % pages;
        let what = format!("page {}, round {round}, RUNSTORE_SEED={seed}", page + 1);
        for _ in 0..=random.below(8) {
            // Where the structure of a page is, as often as in its content.
            let range = if random.percent(50) { 120 } else { 4096 };
            bytes[(page * 4096 + random.below(range)) as usize] ^= 1 << random.below(8);
        }
        ["-wal", "-shm"]
            .iter()
            .for_each(|suffix| drop(std::fs::remove_file(format!("{}{suffix}", place.path))));
        std::fs::write(&place.path, bytes).unwrap();
        use_all(&place, &what);
    }
}

#[test]
fn a_truncated_file_is_an_error_or_empty() {
    let place = closed();
    let whole = std::fs::read(&place.path).unwrap();
    let lengths = [
        0,
        1,
        15,
        16,
        50,
        99,
        100,
        511,
        4095,
        4096,
        4097,
        8192,
        20_000,
        whole.len() / 2,
        whole.len() - 1,
    ];
    tell(count(lengths.len(), "lengths"));
    for length in lengths {
        ["-wal", "-shm"]
            .iter()
            .for_each(|suffix| drop(std::fs::remove_file(format!("{}{suffix}", place.path))));
        std::fs::write(&place.path, &whole[..length]).unwrap();
        use_all(&place, &format!("{length} bytes"));
    }
}

#[test]
fn without_its_shm_a_file_is_whole_and_without_its_wal_it_is_as_at_the_last_checkpoint() {
    let place = closed();
    let store = support::open(&place.path).unwrap();
    save_batch(&store, 4).unwrap();
    let copy = Place::new();
    let take = |suffixes: &[&str]| {
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", copy.path));
        }
        for suffix in suffixes {
            std::fs::copy(format!("{}{suffix}", place.path), format!("{}{suffix}", copy.path))
                .unwrap();
        }
        let ids = read_all(&support::open(&copy.path).unwrap()).unwrap();
        assert_eq!(support::damage(&copy.sqlite()), [""; 0]);
        ids
    };
    assert_eq!(take(&["", "-wal"]), ids_of(&[0, 1, 2, 3, 4]));
    assert_eq!(take(&["", "-shm"]), ids_of(&[0, 1, 2, 3]));
    assert_eq!(take(&[""]), ids_of(&[0, 1, 2, 3]));
}

#[cfg(unix)]
#[test]
fn a_file_that_is_cut_off_under_a_store_is_an_error_and_whole_again_when_its_bytes_are_back() {
    let place = closed();
    let whole = std::fs::read(&place.path).unwrap();
    for length in [0, 4096, 8192, whole.len() / 2] {
        // Nothing but the schema has been read yet.
        let store = support::open(&place.path).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&place.path).unwrap();
        file.set_len(length as u64).unwrap();
        let error = read_all(&store).unwrap_err();
        assert_typed(&error, &place.path, &format!("{length} bytes"));
        std::os::unix::fs::FileExt::write_all_at(&file, &whole, 0).unwrap();
        assert_eq!(read_all(&store).unwrap(), ids_of(&[0, 1, 2, 3]), "{length} bytes");
        save_batch(&store, 4).unwrap();
        drop(store);
        assert_eq!(support::damage(&place.sqlite()), [""; 0], "{length} bytes");
        std::fs::write(&place.path, &whole).unwrap();
        ["-wal", "-shm"]
            .iter()
            .for_each(|suffix| drop(std::fs::remove_file(format!("{}{suffix}", place.path))));
    }
}
