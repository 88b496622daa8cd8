//! The packed form of rows: what an encoder of our own writes is read back, and nothing else makes it panic.

use proptest::prelude::*;
use runstore::Code;
use runstore::model::{MoreOfCase, NewCase, NewScore};
use runstore::store::{PackedCases, PackedResults, PackedRows, PackedScores};

/// A packed batch, written here by the rules that `src/store/packed.rs` states.
#[derive(Clone, Debug, Default)]
struct Batch {
    text: Vec<u8>,
    lengths: Vec<i32>,
    numbers: Vec<f64>,
    rows: usize,
}

impl Batch {
    fn rows(&self) -> PackedRows<'_> {
        PackedRows {
            text: &self.text,
            lengths: &self.lengths,
            numbers: &self.numbers,
            rows: self.rows,
        }
    }

    fn text(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
        self.lengths.push(i32::try_from(text.len()).unwrap());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.lengths.push(-1),
        }
    }

    /// -2 where the column has the text of the row before.
    fn repeated(&mut self, text: &str, before: Option<&str>) {
        if before == Some(text) { self.lengths.push(-2) } else { self.text(text) }
    }

    fn number(&mut self, number: Option<f64>) {
        self.numbers.push(number.unwrap_or(f64::NAN));
    }

    fn case(&mut self, case: &NewCase<'_>, run_before: Option<&str>) {
        self.optional(case.id);
        self.repeated(case.run_id, run_before);
        self.number(Some(case.idx));
        self.text(case.input);
        self.optional(case.output);
        self.optional(case.expected);
        self.number(case.latency_ms);
        self.number(case.tokens_in);
        self.number(case.tokens_out);
        self.optional(case.error);
        let more = &case.more;
        let any = *more != MoreOfCase::default();
        self.lengths.push(i32::from(any));
        if any {
            self.optional(more.key);
            self.number(more.trial);
            self.optional(more.benchmark);
            self.optional(more.cluster);
            self.optional(more.metadata);
            self.number(more.cost_usd);
            self.number(more.started_at);
        }
    }

    fn score(&mut self, score: &NewScore<'_>, case_before: Option<&str>) {
        self.optional(score.id);
        self.repeated(score.case_id, case_before);
        self.text(score.scorer_name);
        self.number(Some(score.score));
        self.optional(score.reason);
        let any = score.metadata.is_some() || score.answer.is_some();
        self.lengths.push(i32::from(any));
        if any {
            self.optional(score.metadata);
            self.optional(score.answer);
        }
    }
}

/// The texts and numbers of a case, to borrow one from.
#[derive(Clone, Debug)]
struct CaseParts {
    texts: [Option<String>; 8],
    required: [String; 2],
    idx: f64,
    numbers: [Option<f64>; 6],
}

impl CaseParts {
    fn as_case(&self) -> NewCase<'_> {
        let [id, output, expected, error, key, benchmark, cluster, metadata] =
            self.texts.each_ref().map(Option::as_deref);
        let [latency_ms, tokens_in, tokens_out, trial, cost_usd, started_at] = self.numbers;
        NewCase {
            id,
            run_id: &self.required[0],
            idx: self.idx,
            input: &self.required[1],
            output,
            expected,
            latency_ms,
            tokens_in,
            tokens_out,
            error,
            more: MoreOfCase { key, trial, benchmark, cluster, metadata, cost_usd, started_at },
        }
    }
}

#[derive(Clone, Debug)]
struct ScoreParts {
    texts: [Option<String>; 4],
    required: [String; 2],
    score: f64,
}

impl ScoreParts {
    fn as_score(&self) -> NewScore<'_> {
        let [id, reason, metadata, answer] = self.texts.each_ref().map(Option::as_deref);
        let [case_id, scorer_name] = self.required.each_ref().map(String::as_str);
        NewScore { id, case_id, scorer_name, score: self.score, reason, metadata, answer }
    }
}

/// Empty, long, and of characters of one to four bytes; few enough that neighbours are often equal.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("run".to_owned()),
        "[a-c]{1,2}",
        "(é|日|🦀|\u{0}|\"){1,5}",
        "[a-z]{300}"
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("NaN stands for none", |number| !number.is_nan()),
        Just(-0.0),
        Just(f64::INFINITY),
        Just(9_007_199_254_740_993.0)
    ]
}

fn case_parts() -> impl Strategy<Value = CaseParts> {
    let texts = prop::array::uniform8(prop::option::of(text()));
    let numbers = prop::array::uniform6(prop::option::of(number()));
    (texts, [text(), text()], number(), numbers, any::<bool>()).prop_map(
        |(mut texts, required, idx, mut numbers, plain)| {
            if plain {
                texts[4..].fill(None);
                numbers[3..].fill(None);
            }
            CaseParts { texts, required, idx, numbers }
        },
    )
}

fn score_parts() -> impl Strategy<Value = ScoreParts> {
    let texts = prop::array::uniform4(prop::option::of(text()));
    (texts, [text(), text()], number()).prop_map(|(texts, required, score)| ScoreParts {
        texts,
        required,
        score,
    })
}

fn packed_cases(parts: &[CaseParts]) -> Batch {
    let mut batch = Batch { rows: parts.len(), ..Batch::default() };
    let mut before = None;
    for part in parts {
        batch.case(&part.as_case(), before);
        before = Some(part.required[0].as_str());
    }
    batch
}

fn packed_scores(parts: &[ScoreParts]) -> Batch {
    let mut batch = Batch { rows: parts.len(), ..Batch::default() };
    let mut before = None;
    for part in parts {
        batch.score(&part.as_score(), before);
        before = Some(part.required[0].as_str());
    }
    batch
}

/// Cases of one run, each followed by the number of its scores and the scores.
fn packed_results(results: &[(CaseParts, Vec<ScoreParts>)]) -> Batch {
    let mut batch = Batch { rows: results.len(), ..Batch::default() };
    for (case, scores) in results {
        batch.case(&NewCase { run_id: "run", ..case.as_case() }, Some("run"));
        batch.lengths.push(i32::try_from(scores.len()).unwrap());
        for score in scores {
            batch.score(&NewScore { case_id: "", ..score.as_score() }, Some(""));
        }
    }
    batch
}

/// Reads all that can be read of a batch by each reader; returns how many of them met an error.
fn read_everything(batch: &Batch) -> usize {
    let rows = batch.rows();
    let cases = PackedCases::from(&rows).find_map(Result::err);
    let scores = PackedScores::from(&rows).find_map(Result::err);
    let results = PackedResults::new("run", &rows).find_map(Result::err);
    let errors: Vec<_> = [cases, scores, results].into_iter().flatten().collect();
    for error in &errors {
        assert_eq!(error.code, Code::Internal);
        assert!(error.message().contains("packed batch is malformed"), "{error}");
    }
    errors.len()
}

proptest! {
    #[test]
    fn cases_are_read_as_they_were_packed(parts in prop::collection::vec(case_parts(), 0..8)) {
        let batch = packed_cases(&parts);
        let read: Vec<_> = PackedCases::from(&batch.rows()).map(Result::unwrap).collect();
        prop_assert_eq!(read, parts.iter().map(CaseParts::as_case).collect::<Vec<_>>());
    }

    #[test]
    fn scores_are_read_as_they_were_packed(parts in prop::collection::vec(score_parts(), 0..8)) {
        let batch = packed_scores(&parts);
        let read: Vec<_> = PackedScores::from(&batch.rows()).map(Result::unwrap).collect();
        prop_assert_eq!(read, parts.iter().map(ScoreParts::as_score).collect::<Vec<_>>());
    }

    #[test]
    fn results_are_read_as_they_were_packed(
        results in prop::collection::vec((case_parts(), prop::collection::vec(score_parts(), 0..4)), 0..5)
    ) {
        let batch = packed_results(&results);
        let read: Vec<_> = PackedResults::new("run", &batch.rows()).map(Result::unwrap).collect();
        let expected: Vec<_> = results.iter().map(|(case, scores)| {
            let scores: Vec<_> = scores.iter().map(|one| NewScore { case_id: "", ..one.as_score() }).collect();
            (NewCase { run_id: "run", ..case.as_case() }, scores)
        }).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn a_batch_that_is_cut_short_is_an_error(
        parts in prop::collection::vec(case_parts(), 1..5), cut in 0..3_usize, at in any::<prop::sample::Index>()
    ) {
        let mut batch = packed_cases(&parts);
        match cut {
            0 if !batch.text.is_empty() => batch.text.truncate(at.index(batch.text.len())),
            1 => batch.lengths.truncate(at.index(batch.lengths.len())),
            _ => batch.numbers.truncate(at.index(batch.numbers.len())),
        }
        let complete = batch.text.len() == packed_cases(&parts).text.len()
            && batch.lengths.len() == packed_cases(&parts).lengths.len()
            && batch.numbers.len() == packed_cases(&parts).numbers.len();
        let error = PackedCases::from(&batch.rows()).find_map(Result::err);
        prop_assert!(complete || error.is_some());
        read_everything(&batch);
    }

    #[test]
    fn more_rows_than_were_packed_are_an_error(parts in prop::collection::vec(score_parts(), 0..4)) {
        let mut batch = packed_scores(&parts);
        batch.rows += 1;
        prop_assert_eq!(PackedScores::from(&batch.rows()).filter(Result::is_err).count(), 1);
    }

    #[test]
    fn malformed_buffers_are_errors_and_never_panics(
        text in prop::collection::vec(any::<u8>(), 0..60),
        lengths in prop::collection::vec(prop_oneof![-3..20_i32, any::<i32>()], 0..60),
        numbers in prop::collection::vec(prop_oneof![Just(f64::NAN), any::<f64>()], 0..30),
        rows in 0..50_usize,
    ) {
        read_everything(&Batch { text, lengths, numbers, rows });
    }

    #[test]
    fn a_batch_with_a_wrong_number_in_it_never_panics(
        results in prop::collection::vec((case_parts(), prop::collection::vec(score_parts(), 0..3)), 1..4),
        place in any::<prop::sample::Index>(),
        wrong in prop_oneof![Just(i32::MAX), Just(i32::MIN), -3..40_i32],
    ) {
        let mut batch = packed_results(&results);
        let place = place.index(batch.lengths.len());
        batch.lengths[place] = wrong;
        read_everything(&batch);
    }
}

#[test]
fn a_batch_of_no_rows_has_none() {
    assert_eq!(read_everything(&Batch::default()), 0);
    assert_eq!(PackedCases::from(&Batch::default().rows()).count(), 0);
}

#[test]
fn a_row_without_a_required_value_is_an_error() {
    let whole = CaseParts {
        texts: Default::default(),
        required: ["run".to_owned(), "1".to_owned()],
        idx: 0.0,
        numbers: [None; 6],
    };
    let mut without_idx = packed_cases(std::slice::from_ref(&whole));
    without_idx.numbers[0] = f64::NAN;
    let mut without_input = packed_cases(std::slice::from_ref(&whole));
    without_input.lengths[2] = -1;
    let mut without_run = packed_cases(std::slice::from_ref(&whole));
    without_run.lengths[1] = -1;
    let mut not_utf8 = packed_cases(&[whole]);
    not_utf8.text[0] = 0xff;
    for (label, batch) in [
        ("idx", without_idx),
        ("input", without_input),
        ("run_id", without_run),
        ("UTF-8", not_utf8),
    ] {
        let error = PackedCases::from(&batch.rows()).find_map(Result::err);
        let error = error.unwrap_or_else(|| panic!("{label} is read"));
        assert!(error.message().contains("packed batch is malformed"), "{label}: {error}");
    }
}
