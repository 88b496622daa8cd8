//! A store that is the same each time: its ids, times and scores are fixed.

use runstore::Store;
use runstore::db::OpenOptions;
use runstore::model::{MoreOfCase, NewCase, NewRun, NewScore, RunStatus};
use runstore::process::Process;

/// 2026-11-21 12:00:00 UTC.
pub const NOW: i64 = 1_795_262_400_000;

pub const FIRST: &str = "1a2b3c4d-0000-4000-8000-000000000001";
pub const SECOND: &str = "1a2b3c5e-0000-4000-8000-000000000002";
pub const BROKEN: &str = "77aa77aa-0000-4000-8000-000000000003";
pub const RUNNING: &str = "9e9e9e9e-0000-4000-8000-000000000004";
pub const RIVERS: &str = "c0ffee00-0000-4000-8000-000000000005";

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A folder with a store in `.evals`, and that store.
pub struct Fixture {
    pub folder: tempfile::TempDir,
    store: Store,
    /// Statements that give rows their times and ids.
    amendments: Vec<String>,
}

impl Fixture {
    /// An empty store.
    pub fn empty() -> Fixture {
        // Locks are of one kind in a process from its first store on; no connection may be open before.
        drop(Store::open(":memory:", &OpenOptions::default()).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".evals/store.db");
        let store = Store::open(path.to_str().unwrap(), &OpenOptions::default()).unwrap();
        Fixture { folder, store, amendments: vec![] }
    }

    /// Two suites with runs of every kind.
    pub fn new() -> Fixture {
        let mut fixture = Fixture::empty();
        let capitals = fixture.suite("capitals", 30);
        fixture.finished_run(&capitals, FIRST, "first", "gpt-4", 10 * DAY, 0);
        fixture.finished_run(&capitals, SECOND, "second", "gpt-4", 2 * DAY, 4);
        fixture.broken_run(&capitals);
        fixture.run(&capitals, RUNNING, "nightly", "claude", 5 * MINUTE);
        let rivers = fixture.suite("rivers", 3);
        fixture.finished_run(&rivers, RIVERS, "first", "claude", 3 * DAY, 1);
        fixture.prompts();
        fixture
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Sets times and ids of rows, closes the store and returns its folder.
    pub fn finish(self) -> tempfile::TempDir {
        self.store.close().unwrap();
        let db = rusqlite::Connection::open(self.folder.path().join(".evals/store.db")).unwrap();
        for amendment in &self.amendments {
            db.execute_batch(amendment).unwrap();
        }
        self.folder
    }

    /// Makes a suite and returns its id.
    pub fn suite(&mut self, name: &str, days_ago: i64) -> String {
        let id = self.store.create_suite(name).unwrap().id;
        let number = self.amendments.len();
        self.amendments.push(format!(
            "PRAGMA foreign_keys = OFF;
             UPDATE runs SET suite_id = '01980000-0000-7000-8000-{number:012}' WHERE suite_id = '{id}';
             UPDATE baselines SET suite_id = '01980000-0000-7000-8000-{number:012}' WHERE suite_id = '{id}';
             UPDATE thresholds SET suite_id = '01980000-0000-7000-8000-{number:012}' WHERE suite_id = '{id}';
             UPDATE suites SET created_at = {}, id = '01980000-0000-7000-8000-{number:012}' WHERE id = '{id}';",
            NOW - days_ago * DAY
        ));
        id
    }

    /// Sets the start of a run to this many days ago.
    pub fn started(&mut self, id: &str, days_ago: i64) {
        let started_at = NOW - days_ago * DAY;
        self.amendments
            .push(format!("UPDATE runs SET started_at = {started_at} WHERE id = '{id}';"));
    }

    /// Sets the age of all baselines.
    pub fn set_baselines(&mut self, days_ago: i64) {
        self.amendments.push(format!("UPDATE baselines SET set_at = {};", NOW - days_ago * DAY));
    }

    /// Makes a run that is still running.
    pub fn run(&mut self, suite_id: &str, id: &str, name: &str, model: &str, ms_ago: i64) {
        let run = NewRun { id: Some(id), suite_id, name, model, ..NewRun::default() };
        self.store.create_run(&run).unwrap();
        self.amendments
            .push(format!("UPDATE runs SET started_at = {} WHERE id = '{id}';", NOW - ms_ago));
        self.without_owner(id);
    }

    /// Removes the owner of a run, as in a run of a program that does not record it.
    fn without_owner(&mut self, id: &str) {
        self.amendments.push(format!(
            "UPDATE runs SET owner_pid = NULL, owner_host = NULL, owner_marks = NULL, heartbeat_at = NULL
             WHERE id = '{id}';"
        ));
    }

    /// Makes this process the owner of a run, with its last heartbeat this long ago.
    pub fn owned(&mut self, id: &str, process: &Process, ms_ago: i64) {
        let Process { pid, host, identity } = process;
        self.amendments.push(format!(
            "UPDATE runs SET owner_pid = {pid}, owner_host = '{host}', owner_marks = '{identity}', heartbeat_at = {}
             WHERE id = '{id}';",
            NOW - ms_ago
        ));
    }

    pub fn finish_run(&mut self, id: &str, status: RunStatus) {
        self.store.finish_run(id, status, None).unwrap();
        self.amendments
            .push(format!("UPDATE runs SET finished_at = started_at + 83000 WHERE id = '{id}';"));
    }

    /// A run of 40 cases; every tenth is wrong, and so are `more` others.
    pub fn finished_run(
        &mut self,
        suite_id: &str,
        id: &str,
        name: &str,
        model: &str,
        ms_ago: i64,
        more: usize,
    ) {
        self.run(suite_id, id, name, model, ms_ago);
        for idx in 0..40 {
            let is_right = idx % 10 != 3 && !(idx % 10 == 5 && idx / 10 < more);
            // Grades that differ from case to case, and a little from run to run.
            let grade = (50 + (idx * 37) % 50 - if is_right { 0 } else { 40 } - more * (idx % 3))
                as f64
                / 100.0;
            let answer = if is_right { "Paris" } else { "I do not know, but it may well be Lyon" };
            self.case(id, idx, Some(answer), None);
            self.score(id, idx, "exact", f64::from(u8::from(is_right)), None);
            self.score(id, idx, "similarity", grade, Some("by its letters"));
        }
        self.finish_run(id, RunStatus::Completed);
    }

    /// A failed run: an error, a case without scores, and texts that a terminal would obey.
    fn broken_run(&mut self, suite_id: &str) {
        let new = NewRun {
            id: Some(BROKEN),
            suite_id,
            name: "broken",
            model: "gpt-4",
            config: Some(r#"{"temperature":0}"#),
            tags: Some(r#"["nightly","flaky"]"#),
            metadata: None,
            more: None,
        };
        self.store.create_run(&new).unwrap();
        self.amendments
            .push(format!("UPDATE runs SET started_at = {} WHERE id = '{BROKEN}';", NOW - DAY));
        self.without_owner(BROKEN);
        self.case(BROKEN, 0, Some("Paris"), None);
        self.score(BROKEN, 0, "exact", 1.0, None);
        self.case(BROKEN, 1, None, Some("rate limit: try again in 20 s"));
        self.case(BROKEN, 2, Some("one\ntwo\n\tthree"), None);
        self.score(BROKEN, 2, "exact", 0.25, Some("three answers, one wanted"));
        self.finish_run(BROKEN, RunStatus::Failed);
    }

    pub fn case(&self, run_id: &str, idx: usize, output: Option<&str>, error: Option<&str>) {
        let input = format!("\"Which city is the capital of country number {idx}?\"");
        let metadata = format!("{{\"language\":\"{}\"}}", ["en", "fr"][idx % 2]);
        let case = NewCase {
            id: Some(&case_id(run_id, idx)),
            run_id,
            idx: idx as f64,
            input: &input,
            output,
            expected: Some("\"Paris\""),
            latency_ms: Some(120.0 + idx as f64),
            tokens_in: Some(30.0),
            tokens_out: Some(12.0),
            error,
            more: MoreOfCase {
                cost_usd: Some(0.002),
                metadata: Some(&metadata),
                ..MoreOfCase::default()
            },
        };
        self.store.save_cases([Ok(case)]).unwrap();
    }

    pub fn score(
        &self,
        run_id: &str,
        idx: usize,
        scorer_name: &str,
        score: f64,
        reason: Option<&str>,
    ) {
        let case_id = case_id(run_id, idx);
        let score =
            NewScore { case_id: &case_id, scorer_name, score, reason, ..NewScore::default() };
        self.store.save_scores([Ok(score)]).unwrap();
    }

    fn prompts(&mut self) {
        let texts = [
            ("judge", "Say whether the answer is right."),
            ("capital", "Name the capital of {country}."),
            ("judge", "Say whether the answer is right.\nAnswer with yes or no."),
        ];
        for (number, (name, text)) in texts.iter().enumerate() {
            let id = self.store.create_prompt(name, text).unwrap().id;
            self.amendments.push(format!(
                "UPDATE prompts SET created_at = {}, id = '01990000-0000-7000-8000-{number:012}' WHERE id = '{id}';",
                NOW - (9 - number as i64) * DAY
            ));
        }
    }
}

fn case_id(run_id: &str, idx: usize) -> String {
    format!("{}-{idx:02}", &run_id[..8])
}
