//! Cases on their way out: every text and number comes back as it was saved, and in its column.

use proptest::prelude::*;
use runstore::Store;
use runstore::db::OwnedValue;
use runstore::model::{MoreOfCase, NewCase};
use runstore::store::{CaseColumns, JsonCheck, TextKind};
use serde_json::Value as Json;

use super::support::Place;
use super::{case, ids, store_with_run, texts};

/// Reads the spliced JSON of a chunk as `JSON.parse` and the places would.
fn parsed(cases: &CaseColumns) -> Vec<Json> {
    let array = |text: String| -> std::vec::IntoIter<Json> {
        if text.is_empty() {
            Vec::new().into_iter()
        } else {
            serde_json::from_str::<Vec<Json>>(&text).unwrap().into_iter()
        }
    };
    let mut narrow = array(cases.json.narrow.iter().map(|&byte| char::from(byte)).collect());
    let mut wide = array(String::from_utf8(cases.json.wide.clone()).unwrap());
    let mark = Json::from(cases.json.mark);
    let mut values = Vec::new();
    for places in cases.json.places.chunks(2) {
        for place in places {
            if *place == 0 {
                values.push(narrow.next().unwrap());
            } else {
                values.push(wide.next().unwrap());
                assert_eq!(wide.next(), Some(mark.clone()), "behind a wide text");
            }
        }
        assert_eq!(narrow.next(), Some(mark.clone()), "at the end of a row");
    }
    assert_eq!((narrow.next(), wide.next()), (None, None), "more texts than places");
    values
}

/// Everything of the run, chunks put together.
#[derive(Default)]
struct Read {
    texts: Vec<[Option<String>; 3]>,
    json: Vec<Json>,
    numbers: Vec<f64>,
    more: Vec<OwnedValue>,
    chunks: Vec<usize>,
}

fn read(store: &Store) -> Read {
    let mut read = Read::default();
    store
        .read_cases("run", JsonCheck::Skip, |chunk| {
            read.texts.extend(texts(chunk));
            read.json.extend(parsed(chunk));
            read.numbers.extend(&chunk.numbers.values);
            match chunk.more.is_empty() {
                true => read.more.extend(std::iter::repeat_n(OwnedValue::Null, chunk.rows() * 7)),
                false => read.more.extend(chunk.more.iter().cloned()),
            }
            read.chunks.push(chunk.rows());
            Ok(())
        })
        .unwrap();
    read
}

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        6 => prop::char::range(' ', '~'),
        // The last of Latin-1 and the first behind it, and what JSON and SQLite treat with care.
        3 => prop::sample::select("\u{80}éÿ\u{100}日🦀\u{2028}\0\"\\\n\u{7f}".chars().collect::<Vec<_>>()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(character(), 0..6).prop_map(String::from_iter)
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        text().prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            (text(), inner)
                .prop_map(|(key, value)| Json::Object([(key, value)].into_iter().collect())),
        ]
    })
}

fn number() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop_oneof![
        (-1_000_000..1_000_000_i32).prop_map(f64::from),
        any::<f64>().prop_filter("NaN is kept as NULL", |number| !number.is_nan()),
    ])
}

#[derive(Clone, Debug)]
struct Row {
    input: Json,
    expected: Option<Json>,
    output: Option<String>,
    error: Option<String>,
    numbers: [Option<f64>; 3],
    key: Option<String>,
    cost: Option<f64>,
}

fn row() -> impl Strategy<Value = Row> {
    let texts = prop::array::uniform3(prop::option::of(text()));
    let numbers = prop::array::uniform3(number());
    (json(), prop::option::of(json()), texts, numbers, number()).prop_map(
        |(input, expected, [output, error, key], numbers, cost)| Row {
            input,
            expected,
            output,
            error,
            numbers,
            key,
            cost,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn saved_values_are_read_back(rows in prop::collection::vec(row(), 0..12)) {
        comes_back(&rows);
    }
}

fn comes_back(rows: &[Row]) {
    let (store, _place) = store_with_run();
    let ids: Vec<_> = (0..rows.len()).map(|at| format!("case-{at}")).collect();
    let as_json = |value: &Json| value.to_string();
    let inputs: Vec<_> = rows.iter().map(|row| as_json(&row.input)).collect();
    let expecteds: Vec<_> = rows.iter().map(|row| row.expected.as_ref().map(as_json)).collect();
    let cases = rows.iter().enumerate().map(|(at, row)| NewCase {
        output: row.output.as_deref(),
        error: row.error.as_deref(),
        input: &inputs[at],
        expected: expecteds[at].as_deref(),
        latency_ms: row.numbers[0],
        tokens_in: row.numbers[1],
        tokens_out: row.numbers[2],
        more: MoreOfCase { key: row.key.as_deref(), cost_usd: row.cost, ..MoreOfCase::default() },
        ..case(&ids[at], at as f64)
    });
    store.save_cases(cases.map(Ok)).unwrap();

    let read = read(&store);
    assert_eq!(read.texts.len(), rows.len());
    for (at, row) in rows.iter().enumerate() {
        let texts = [Some(ids[at].clone()), row.output.clone(), row.error.clone()];
        assert_eq!(read.texts[at], texts);
        assert_eq!(read.json[at * 2], row.input);
        assert_eq!(read.json[at * 2 + 1], row.expected.clone().unwrap_or(Json::Null));
        let [latency, tokens_in, tokens_out] = row.numbers;
        let numbers = [Some(at as f64), latency, tokens_in, tokens_out];
        for (one, expected) in read.numbers[at * 4..at * 4 + 4].iter().zip(numbers) {
            assert_eq!(Some(*one).filter(|one| !one.is_nan()), expected);
        }
        let key =
            row.key.clone().map_or(OwnedValue::Null, |key| OwnedValue::Text(key.into_bytes()));
        assert_eq!(read.more[at * 7], key);
        assert_eq!(read.more[at * 7 + 5], row.cost.map_or(OwnedValue::Null, OwnedValue::Real));
    }
}

#[test]
fn the_mark_has_nine_digits_and_is_another_one_in_each_read() {
    let marks: std::collections::HashSet<u32> =
        (0..100).map(|_| CaseColumns::default().json.mark).collect();
    // Of 900 million; that two of a hundred are equal happens once in 180,000 runs.
    assert!(marks.len() >= 99, "{marks:?}");
    assert!(marks.iter().all(|mark| (100_000_000..1_000_000_000).contains(mark)), "{marks:?}");
}

#[test]
fn only_texts_with_wide_characters_are_kept_apart() {
    let (store, _place) = store_with_run();
    let inputs = ["\"plain\"", "\"é and ÿ\"", "\"Ā\"", "\"日本\"", "\"\\u65e5\"", ""];
    let ids = ["a", "b", "c", "d", "e", "f"];
    let cases = inputs.iter().zip(ids).enumerate();
    store
        .save_cases(cases.map(|(at, (input, id))| Ok(NewCase { input, ..case(id, at as f64) })))
        .unwrap();
    store
        .read_cases("run", JsonCheck::Skip, |chunk| {
            assert_eq!(chunk.json.places, [0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
            // The mark, a number that is another one each time, as `_`.
            let mark = chunk.json.mark.to_string();
            let narrow: String = chunk.json.narrow.iter().map(|&byte| char::from(byte)).collect();
            assert_eq!(
                narrow.replace(&mark, "_"),
                r#"["plain",null,_,"é and ÿ",null,_,null,_,null,_,"\u65e5",null,_,null,null,_]"#
            );
            let wide = String::from_utf8(chunk.json.wide.clone()).unwrap();
            assert_eq!(wide.replace(&mark, "_"), "[\"Ā\",_,\"日本\",_]");
            Ok(())
        })
        .unwrap();
}

#[test]
fn chunks_end_at_512_cases_or_256_kib() {
    let (store, _place) = store_with_run();
    let names: Vec<_> = (0..1100).map(|at| format!("case-{at:04}")).collect();
    store.save_cases(names.iter().enumerate().map(|(at, id)| Ok(case(id, at as f64)))).unwrap();
    let all = read(&store);
    assert_eq!(all.chunks, [512, 512, 76]);
    assert_eq!(all.texts.iter().map(|[id, ..]| id.clone().unwrap()).collect::<Vec<_>>(), names);

    store.reset_run("run").unwrap();
    let long = "x".repeat(100_000);
    let cases = names.iter().take(7).enumerate();
    store
        .save_cases(
            cases.map(|(at, id)| Ok(NewCase { output: Some(&long), ..case(id, at as f64) })),
        )
        .unwrap();
    assert_eq!(read(&store).chunks, [3, 3, 1]);
}

#[test]
fn a_run_without_cases_has_no_chunk() {
    let (store, _place) = store_with_run();
    assert_eq!(read(&store).chunks, [0; 0]);
    store.read_cases("no such run", JsonCheck::Skip, |_| panic!("a chunk of nothing")).unwrap();
    let error = store.count_cases("no such run").unwrap_err();
    assert_eq!(error.code, runstore::Code::NotFound);
}

#[test]
fn an_error_of_the_reader_ends_the_reading() {
    let (store, _place) = store_with_run();
    store.save_cases([Ok(case("a", 0.0))]).unwrap();
    let stop = || runstore::StoreError::new(runstore::Code::Host, "enough");
    assert_eq!(
        store.read_cases("run", JsonCheck::Skip, |_| Err(stop())).unwrap_err().message(),
        "enough"
    );
    store.delete_run("run").unwrap();
}

#[test]
fn a_field_that_only_some_cases_set_is_null_for_the_others() {
    let (store, _place) = store_with_run();
    let more = MoreOfCase {
        key: Some("k"),
        trial: Some(2.0),
        metadata: Some("{}"),
        ..MoreOfCase::default()
    };
    let cases = [case("a", 0.0), NewCase { more, ..case("b", 1.0) }, case("c", 2.0)];
    store.save_cases(cases.into_iter().map(Ok)).unwrap();
    store
        .read_cases("run", JsonCheck::Skip, |chunk| {
            let mut expected = vec![OwnedValue::Null; 21];
            expected[7] = OwnedValue::Text(b"k".to_vec());
            expected[8] = OwnedValue::Integer(2);
            expected[11] = OwnedValue::Text(b"{}".to_vec());
            assert_eq!(chunk.more, expected);
            Ok(())
        })
        .unwrap();
}

/// Values that no program of ours writes, and that SQLite lets others write.
mod odd_values {
    use super::*;

    fn written_by_another(place: &Place, values: &str) {
        let columns =
            "id, run_id, idx, input, output, expected, latency_ms, tokens_in, tokens_out, error";
        place
            .sqlite()
            .execute_batch(&format!("INSERT INTO cases ({columns}) VALUES {values}"))
            .unwrap();
    }

    fn only_chunk(store: &Store, check: impl FnOnce(&CaseColumns)) {
        let mut check = Some(check);
        store
            .read_cases("run", JsonCheck::Skip, |chunk| {
                check.take().unwrap()(chunk);
                Ok(())
            })
            .unwrap();
        assert!(check.is_none(), "nothing was read");
    }

    #[test]
    fn in_columns_of_numbers_are_handed_over_beside_them() {
        let (store, place) = store_with_run();
        written_by_another(
            &place,
            "('a', 'run', 0, '1', NULL, NULL, 'abc', x'0102', NULL, NULL),
             ('b', 'run', 'later', '1', NULL, NULL, 1, 9223372036854775807, 9e999, NULL)",
        );
        only_chunk(&store, |chunk| {
            let expected = [
                0.0,
                f64::NAN,
                f64::NAN,
                f64::NAN,
                f64::NAN,
                1.0,
                9_223_372_036_854_775_807.0,
                f64::INFINITY,
            ];
            for (at, expected) in expected.into_iter().enumerate() {
                let one = chunk.numbers.values[at];
                assert!(one == expected || (one.is_nan() && expected.is_nan()), "{at}: {one}");
            }
            assert_eq!(
                chunk.numbers.odd,
                [
                    (1, OwnedValue::Text(b"abc".to_vec())),
                    (2, OwnedValue::Blob(vec![1, 2])),
                    (4, OwnedValue::Text(b"later".to_vec())),
                ]
            );
        });
    }

    #[test]
    fn in_columns_of_text_keep_their_bytes() {
        let (store, place) = store_with_run();
        written_by_another(
            &place,
            "('a', 'run', 0, '1', x'00ff', NULL, 1, 1, 1, CAST(x'ff41' AS TEXT)),
             (NULL, 'run', 1, '2', 5, NULL, 1, 1, 1, '')",
        );
        only_chunk(&store, |chunk| {
            let texts: Vec<_> =
                chunk.texts.iter().map(|(kind, bytes)| (kind, bytes.to_vec())).collect();
            assert_eq!(
                texts,
                [
                    (TextKind::Text, b"a".to_vec()),
                    (TextKind::Blob, vec![0, 255]),
                    (TextKind::Text, vec![255, b'A']),
                    (TextKind::Null, vec![]),
                    (TextKind::Text, b"5".to_vec()),
                    (TextKind::Text, vec![]),
                ]
            );
        });
    }

    #[test]
    fn in_columns_of_json_keep_their_neighbours_whole() {
        let (store, place) = store_with_run();
        written_by_another(
            &place,
            "('a', 'run', 0, x'5b315d', NULL, '', 1, 1, 1, NULL),
             ('b', 'run', 1, '\"after\"', NULL, x'22c3a922', 1, 1, 1, NULL)",
        );
        only_chunk(&store, |chunk| {
            assert_eq!(
                parsed(chunk),
                [serde_json::json!([1]), Json::Null, "after".into(), "é".into()]
            );
        });
    }

    #[test]
    fn among_idx_come_in_the_order_of_sqlite() {
        let (store, place) = store_with_run();
        written_by_another(
            &place,
            "('blob', 'run', x'00', '1', NULL, NULL, 1, 1, 1, NULL),
             ('text', 'run', 'a', '1', NULL, NULL, 1, 1, 1, NULL),
             ('2', 'run', 2, '1', NULL, NULL, 1, 1, 1, NULL),
             ('-1.5', 'run', -1.5, '1', NULL, NULL, 1, 1, 1, NULL)",
        );
        only_chunk(&store, |chunk| assert_eq!(ids(chunk), ["-1.5", "2", "text", "blob"]));
    }
}
