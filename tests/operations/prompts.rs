//! Versions of prompts, also when several connections make them at once.

use runstore::Store;

use super::support::{Place, open};

fn versions(store: &Store, name: &str) -> Vec<i64> {
    let prompts = store.list_prompts().unwrap();
    prompts.into_iter().filter(|prompt| prompt.name == name).map(|prompt| prompt.version).collect()
}

#[test]
fn are_numbered_by_their_exact_name() {
    let store = open(":memory:").unwrap();
    let made = ["judge", "Judge", "judge", "judge ", "judge"]
        .map(|name| store.create_prompt(name, "c").unwrap().version);
    assert_eq!(made, [1, 1, 2, 1, 3]);
}

#[test]
fn are_listed_by_name_with_the_newest_first() {
    let store = open(":memory:").unwrap();
    for name in ["b", "É", "A", "a", "b", "é", "B"] {
        store.create_prompt(name, "c").unwrap();
    }
    let listed: Vec<_> =
        store.list_prompts().unwrap().into_iter().map(|one| (one.name, one.version)).collect();
    // Characters without case are those of ASCII only; equal names come as they were made.
    let expected = [("A", 1), ("a", 1), ("b", 2), ("b", 1), ("B", 1), ("É", 1), ("é", 1)];
    assert_eq!(listed, expected.map(|(name, version)| (name.to_owned(), version)));
}

#[test]
fn the_number_of_the_newest_is_used_again_when_it_is_deleted() {
    let store = open(":memory:").unwrap();
    let ids = ["one", "two", "three"].map(|content| store.create_prompt("p", content).unwrap().id);
    store.delete_prompt(&ids[0]).unwrap();
    assert_eq!(store.create_prompt("p", "four").unwrap().version, 4);
    store.delete_prompt(&store.get_latest_prompt("p").unwrap().unwrap().id).unwrap();
    store.delete_prompt(&ids[2]).unwrap();
    assert_eq!(store.create_prompt("p", "three again").unwrap().version, 3);
    assert_eq!(versions(&store, "p"), [3, 2]);
}

#[test]
fn are_found_by_name_and_version() {
    let store = open(":memory:").unwrap();
    let first = store.create_prompt("p", "one").unwrap();
    let second = store.create_prompt("p", "two\0with NUL").unwrap();
    assert_eq!(store.get_latest_prompt("p").unwrap(), Some(second.clone()));
    assert_eq!(store.get_prompt_version("p", 1.0).unwrap(), Some(first.clone()));
    assert_eq!(store.get_prompt_version("p", 3.0).unwrap(), None);
    assert_eq!(store.get_prompt_version("P", 1.0).unwrap(), None);
    assert_eq!(store.get_prompt(&second.id).unwrap(), Some(second));
    assert_eq!(store.get_latest_prompt("none").unwrap(), None);
    store.delete_prompt("none").unwrap();
}

#[test]
fn of_many_connections_are_numbered_without_gap_or_error() {
    const CONNECTIONS: i64 = 4;
    const EACH: i64 = 100;
    let place = Place::new();
    open(&place.path).unwrap();
    let threads: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let path = place.path.clone();
            std::thread::spawn(move || {
                let store = open(&path).unwrap();
                (0..EACH)
                    .map(|_| store.create_prompt("p", "c").unwrap().version)
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let made: Vec<Vec<i64>> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert!(
        made.iter().all(|versions| versions.is_sorted()),
        "a connection saw its numbers go back"
    );
    let mut all: Vec<_> = made.concat();
    all.sort_unstable();
    assert_eq!(all, (1..=CONNECTIONS * EACH).collect::<Vec<_>>());
    let mut listed = versions(&open(&place.path).unwrap(), "p");
    listed.reverse();
    assert_eq!(listed, all);
}
