//! A process that saves batches and says so, until it is killed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

use super::support::{child, open};
use runstore::Store;
use runstore::model::{NewCase, NewOutcome, NewRun, NewScore, NewTrajectory, NewTurn, Role};
use runstore::store::{OnConflict, Part};

/// What it saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Batches of up to 150 cases with scores.
    Small,
    /// The same, with the store closed and opened again after each.
    Closing,
    /// Batches of 100,000 cases.
    Huge,
    /// Trajectories that replace each other, with more or fewer turns.
    Episodes,
}

/// Returns how many cases a batch has.
fn size_of(kind: Kind, batch: usize) -> usize {
    match kind {
        Kind::Huge => 100_000,
        Kind::Small | Kind::Closing => 1 + batch * 37 % 150,
        Kind::Episodes => 1 + batch * 7 % 20,
    }
}

pub struct Writer {
    run: String,
    kind: Kind,
    child: Child,
    output: BufReader<ChildStdout>,
    acknowledged: Vec<usize>,
}

impl Writer {
    pub fn start(path: &str, run: &str, kind: Kind) -> Writer {
        let mut command =
            child::command("writer::saves_until_it_is_killed", path, &format!("{run} {kind:?}"));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Writer { run: run.to_owned(), kind, child, output, acknowledged: Vec::new() }
    }

    /// Returns once it is about to save, or has saved, its first batch.
    pub fn wait_until_it_writes(&mut self) {
        while self.read_line().is_some_and(|line| line != "writing") {}
    }

    pub fn wait_until(&mut self, batches: usize) {
        while self.acknowledged.len() < batches {
            assert!(self.read_line().is_some(), "{}", self.ended());
        }
    }

    /// Returns the next line that it wrote, `None` when there will be none.
    fn read_line(&mut self) -> Option<String> {
        let mut line = String::new();
        // A line that was cut off by the death of its writer says nothing.
        if self.output.read_line(&mut line).unwrap() == 0 || !line.ends_with('\n') {
            return None;
        }
        let line = line.trim_end().to_owned();
        if let Some(batch) = line.strip_prefix("saved ") {
            self.acknowledged.push(batch.parse().unwrap());
        }
        Some(line)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        while self.read_line().is_some() {}
        let status = self.child.wait().unwrap();
        assert!(
            !status.success() && status.code().is_none(),
            "it ended by itself: {}",
            self.ended()
        );
    }

    fn ended(&mut self) -> String {
        let mut said = String::new();
        let errors = self.child.stderr.take().unwrap();
        BufReader::new(errors).lines().for_each(|line| said += &line.unwrap());
        said
    }

    pub fn acknowledged(&self) -> &[usize] {
        &self.acknowledged
    }

    /// Fails when an acknowledged batch is missing, or any is there in part.
    pub fn assert_whole(&self, db: &rusqlite::Connection, what: &str) {
        if self.kind == Kind::Episodes {
            return self.assert_last_episode(db, what);
        }
        let sql = "SELECT cases.metadata, count(*), count(scores.id) FROM cases
                   LEFT JOIN scores ON scores.case_id = cases.id WHERE run_id = ? GROUP BY 1";
        let mut statement = db.prepare(sql).unwrap();
        let counts = statement.query_map([&self.run], |row| {
            Ok((
                row.get::<_, String>(0)?.parse().unwrap(),
                row.get::<_, i64>(1)? as usize,
                row.get::<_, i64>(2)? as usize,
            ))
        });
        let mut there = Vec::new();
        for (batch, cases, scores) in counts.unwrap().map(Result::unwrap) {
            let scored = if self.kind == Kind::Huge { 0 } else { cases };
            assert_eq!(
                (cases, scores),
                (size_of(self.kind, batch), scored),
                "batch {batch}, {what}"
            );
            there.push(batch);
        }
        for batch in &self.acknowledged {
            assert!(
                there.contains(batch),
                "batch {batch} of {} was acknowledged and is lost, {what}",
                self.run
            );
        }
        // One may have been saved that could not be acknowledged any more.
        assert!(there.len() <= self.acknowledged.len() + 1, "{what}");
    }
}

impl Writer {
    /// Fails when the last acknowledged episode is missing, has turns of another, or texts of others are left.
    fn assert_last_episode(&self, db: &rusqlite::Connection, what: &str) {
        let sql = "SELECT (SELECT min(metadata) FROM turns WHERE trajectory_id = t.id),
                     (SELECT max(metadata) FROM turns WHERE trajectory_id = t.id),
                     (SELECT count(*) FROM turns WHERE trajectory_id = t.id), logs FROM trajectories t WHERE run_id = ?";
        let mut statement = db.prepare(sql).unwrap();
        let found = statement.query_map([&self.run], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, i64>(2)? as usize,
                row.get::<_, String>(3)?,
            ))
        });
        let found: Vec<_> = found.unwrap().map(Result::unwrap).collect();
        let last = self.acknowledged.last().copied();
        assert!(found.len() <= 1 && (last.is_none() || !found.is_empty()), "{found:?}, {what}");
        for (first, other, turns, outcome) in found {
            assert_eq!((&first, &outcome), (&other, &first), "turns of two episodes, {what}");
            let batch: usize = first.parse().unwrap();
            assert_eq!(turns, size_of(self.kind, batch), "batch {batch}, {what}");
            // One may have been saved that could not be acknowledged any more.
            assert!(
                last.is_none_or(|last| batch == last || batch == last + 1),
                "batch {batch} after {last:?}, {what}"
            );
        }
        let unused = "SELECT count(*) FROM texts WHERE id NOT IN (SELECT text_id FROM turns WHERE text_id IS NOT NULL)";
        assert_eq!(super::support::integer(db, unused), 0, "texts of no turn, {what}");
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "run in a process of its own"]
fn saves_until_it_is_killed() {
    let Some((path, more)) = child::task() else { return };
    let (run, kind) = more.split_once(' ').unwrap();
    let kind = *[Kind::Small, Kind::Closing, Kind::Huge, Kind::Episodes]
        .iter()
        .find(|one| format!("{one:?}") == kind)
        .unwrap();
    // Past the "test … " that the test program has begun to write.
    say("");
    let mut store = open(&path).unwrap();
    let suite = store.create_suite("suite").unwrap();
    store
        .create_run(&NewRun {
            id: Some(run),
            suite_id: &suite.id,
            name: "n",
            model: "m",
            ..NewRun::default()
        })
        .unwrap();
    for batch in 0.. {
        save(&store, run, kind, batch);
        say(&format!("saved {batch}"));
        if kind == Kind::Closing {
            store.close().unwrap();
            store = open(&path).unwrap();
        }
    }
}

fn save(store: &Store, run: &str, kind: Kind, batch: usize) {
    let number = batch.to_string();
    if kind == Kind::Episodes {
        return save_episode(store, run, &number, size_of(kind, batch));
    }
    let more = runstore::model::MoreOfCase { metadata: Some(&number), ..Default::default() };
    let output = "an answer of some length ".repeat(4);
    let new_case = |at: usize| {
        if at == 0 {
            say("writing");
        }
        let (idx, output) = (at as f64, Some(output.as_str()));
        NewCase { run_id: run, idx, input: "\"question\"", output, more, ..NewCase::default() }
    };
    let cases = (0..size_of(kind, batch)).map(new_case);
    if kind == Kind::Huge {
        store.save_cases(cases.map(Ok)).unwrap();
    } else {
        let score = NewScore { scorer_name: "exact", score: 1.0, ..NewScore::default() };
        store
            .save_results(Part::WHOLE, OnConflict::Error, cases.map(|case| Ok((case, vec![score]))))
            .unwrap();
    }
}

fn save_episode(store: &Store, run: &str, batch: &str, turns: usize) {
    say("writing");
    let text = format!("what was said {batch} ").repeat(40);
    let turn = NewTurn { metadata: Some(batch), ..NewTurn::says(Role::Assistant, &text) };
    let outcome = NewOutcome { logs: Some(batch), ..NewOutcome::default() };
    let new = NewTrajectory { benchmark: "b", idx: 0, outcome, turns: vec![turn; turns] };
    store.save_trajectories(run, Part::WHOLE, OnConflict::Replace, [Ok(new)]).unwrap();
}
