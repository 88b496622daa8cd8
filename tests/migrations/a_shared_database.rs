//! A database in which the tables of a store are some among others, and whose `user_version` is not ours to set.

use std::rc::Rc;

use runstore::Store;

use super::*;
use crate::support::handle::Handle;
use crate::support::schema_number;

fn others(user_version: i64) -> String {
    format!(
        "CREATE TABLE users (id); INSERT INTO users VALUES (1); PRAGMA user_version = {user_version}"
    )
}

fn assert_shared(label: &str, db: &Connection, user_version: i64) {
    assert_eq!(&shape::of_store(db), shape::of_new_store(), "{label}");
    assert_eq!(integer(db, "PRAGMA user_version"), user_version, "{label}");
    assert_eq!(schema_number(db), VERSION, "{label}");
    assert_eq!(integer(db, "SELECT count(*) FROM users"), 1, "{label}");
    assert_eq!(damage(db), [""; 0], "{label}");
}

#[test]
fn on_a_handle_keeps_its_number() {
    let set_null = old_file::schema_with(SuiteReference::NullableSetNull);
    for user_version in [0, 1, 2, 12] {
        for scripts in [vec![], vec![REFERENCE, ROWS], vec![&set_null, ROWS]] {
            let label = format!("{user_version}, {} scripts", scripts.len());
            let scripts =
                [vec![others(user_version)], scripts.iter().map(|&one| one.to_owned()).collect()];
            let scripts = scripts.concat();
            let scripts: Vec<_> = scripts.iter().map(String::as_str).collect();
            let db = Rc::new(old_file::make_in_memory(&scripts));
            Store::on_handle(Handle::new(&db), "the handle").unwrap();
            assert_shared(&label, &db, user_version);
            // Nothing more to do, even when the caller counts on.
            let cookie = integer(&db, "PRAGMA schema_version");
            db.execute_batch(&format!("PRAGMA user_version = {}", user_version + 1)).unwrap();
            Store::on_handle(Handle::new(&db), "the handle").unwrap();
            assert_shared(&label, &db, user_version + 1);
            assert_eq!(integer(&db, "PRAGMA schema_version"), cookie, "{label}");
        }
    }
}

#[test]
fn by_its_path_keeps_a_number_that_is_not_ours() {
    for user_version in [1, 12] {
        let label = user_version.to_string();
        let place = old_file::make(&[REFERENCE, ROWS, &others(user_version)]);
        migrate(&place);
        assert_shared(&label, &place.sqlite(), user_version);
        assert_usable(&label, &place);
    }
}

#[test]
fn of_a_newer_runstore_is_refused_all_the_same() {
    let db = Rc::new(old_file::make_in_memory(&[&others(12)]));
    Store::on_handle(Handle::new(&db), "the handle").unwrap();
    db.execute_batch("UPDATE runstore_schema SET version = version + 1").unwrap();
    let error = Store::on_handle(Handle::new(&db), "the handle").err().unwrap();
    assert_eq!(error.code, runstore::Code::SchemaTooNew, "{error}");
}
