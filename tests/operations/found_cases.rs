//! Cases that are picked by what is in them.

use runstore::model::{MoreOfCase, NewCase};
use runstore::store::{CaseQuery, refuse};

use super::*;

/// The ids of the cases that a query finds.
fn found(store: &Store, query: &CaseQuery<'_>) -> Vec<String> {
    let list = store.list_cases("run", query, usize::MAX, &refuse).unwrap();
    assert_eq!(list.total, list.cases.len() as u64);
    list.cases.into_iter().map(|case| case.id).collect()
}

#[test]
fn by_text_key_tag_and_values_of_their_metadata() {
    let (store, _place) = store_with_run();
    let save = |id: &str, key: Option<&str>, metadata: Option<&str>, output: &str| {
        let more = MoreOfCase { key, metadata, ..MoreOfCase::default() };
        let case = NewCase {
            id: Some(id),
            run_id: "run",
            input: "1",
            output: Some(output),
            more,
            ..NewCase::default()
        };
        store.save_cases([Ok(case)]).unwrap();
    };
    save("a", Some("k"), Some(r#"{"tags":["hard","x%"],"model":{"size":7,"ok":true}}"#), "Zürich");
    save("b", Some("k"), Some(r#"{"tags":"hard","language":"fr"}"#), "BERN");
    save("c", None, Some(r#"{"tags":[["hard"],1],"model":{"size":"7","ok":null}}"#), "100% sure");
    save("d", Some("other"), None, "");
    let all = CaseQuery::default();
    for (query, expected) in [
        (CaseQuery { search: Some("bern"), ..all }, &["b"][..]),
        (CaseQuery { search: Some("0%"), ..all }, &["c"]),
        (CaseQuery { search: Some("OTHER"), ..all }, &["d"]),
        (CaseQuery { key: Some("k"), ..all }, &["a", "b"]),
        (CaseQuery { key: Some("k"), search: Some("z"), ..all }, &["a"]),
        (CaseQuery { tag: Some("hard"), ..all }, &["a"]),
        (CaseQuery { tag: Some("x%"), ..all }, &["a"]),
        (CaseQuery { unscored: true, tag: Some("hard"), ..all }, &["a"]),
        (CaseQuery { errored: true, tag: Some("hard"), ..all }, &[]),
    ] {
        assert_eq!(found(&store, &query), expected, "{query:?}");
    }
    for (key, value, expected) in [
        ("language", "fr", &["b"][..]),
        ("model.size", "7", &["a", "c"]),
        ("model.ok", "true", &["a"]),
        ("model.ok", "null", &["c"]),
        ("model", "7", &[]),
        ("tags", "hard", &["b"]),
        ("none.at.all", "", &[]),
    ] {
        let metadata = [(key.to_owned(), value.to_owned())];
        assert_eq!(
            found(&store, &CaseQuery { metadata: &metadata, ..all }),
            expected,
            "{key}={value}"
        );
    }
}
