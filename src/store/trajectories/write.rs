//! Saving trajectories, whole or turn by turn.

use super::texts::{TextInserter, next_id};
use crate::db::{Connection, Statement, Value};
use crate::error::{Argument, Result, RowId, RowKind, StoreError};
use crate::model::{NewOutcome, NewTrajectory, NewTurn};
use crate::store::{Part, Store};

impl Store {
    /// Saves trajectories of a run, all or none.
    ///
    /// # Errors
    /// If there is one of the same benchmark and idx already, or no such run.
    pub fn save_trajectories<'a>(
        &self,
        run_id: &str,
        part: Part,
        trajectories: impl IntoIterator<Item = Result<NewTrajectory<'a>>>,
    ) -> Result<()> {
        self.write_part("saveTrajectories", part, |db| {
            self.heartbeat(db, run_id)?;
            let mut inserter = TrajectoryInserter::new(db, run_id)?;
            trajectories.into_iter().zip(part.first_row..).try_for_each(|(trajectory, row)| {
                let saved = inserter.insert(&trajectory?).map(drop);
                saved.map_err(|error| error.at(Argument::row("trajectories", row)))
            })
        })
    }

    /// Adds turns to the trajectory of this benchmark and idx, which is begun if there is none, and sets what is given of
    /// its outcome. Returns the number of its turns.
    ///
    /// # Errors
    /// If there is no such run.
    pub fn append_turns(&self, run_id: &str, given: &NewTrajectory<'_>) -> Result<u64> {
        self.write("appendTurns", |db| {
            self.heartbeat(db, run_id)?;
            let key = [run_id.into(), given.benchmark.into(), given.idx.into()];
            let id = match find(db, &key)? {
                Some(id) => {
                    update(db, id, &given.outcome)?;
                    id
                }
                None => begin(db, run_id, given)?,
            };
            let sql = "SELECT coalesce(max(position) + 1, 0) FROM turns WHERE trajectory_id = ?";
            let first = db.query_one(sql, &[id.into()], |row| row.integer(0))?.unwrap_or(0);
            let mut inserter = TurnInserter::new(db)?;
            for (turn, position) in given.turns.iter().zip(first..) {
                inserter.insert(id, position, turn)?;
            }
            Ok(u64::try_from(first).unwrap_or(0) + given.turns.len() as u64)
        })
    }
}

fn find(db: &dyn Connection, key: &[Value<'_>]) -> Result<Option<i64>> {
    let sql = "SELECT id FROM trajectories WHERE run_id = ? AND benchmark = ? AND idx = ?";
    db.query_one(sql, key, |row| row.integer(0))
}

fn begin(db: &dyn Connection, run_id: &str, given: &NewTrajectory<'_>) -> Result<i64> {
    let mut inserter = TrajectoryInserter::new(db, run_id)?;
    inserter.insert(&NewTrajectory { turns: vec![], ..given.clone() })
}

fn update(db: &dyn Connection, id: i64, outcome: &NewOutcome<'_>) -> Result<()> {
    let NewOutcome { example_id, reward, metrics, logs, error, time_seconds } = *outcome;
    let sql = "UPDATE trajectories SET example_id = coalesce(?, example_id), reward = coalesce(?, reward),
                 metrics = coalesce(?, metrics), logs = coalesce(?, logs), error = coalesce(?, error),
                 time_seconds = coalesce(?, time_seconds) WHERE id = ?";
    let texts = [example_id, metrics, logs, error].map(Value::optional_text);
    let [example_id, metrics, logs, error] = texts;
    let [reward, time] = [reward, time_seconds].map(Value::optional_real);
    db.execute(sql, &[example_id, reward, metrics, logs, error, time, id.into()]).map(drop)
}

pub(in crate::store) struct TrajectoryInserter<'c> {
    run_id: &'c str,
    insert: Box<dyn Statement + 'c>,
    next_id: i64,
    turns: TurnInserter<'c>,
}

impl<'c> TrajectoryInserter<'c> {
    pub(in crate::store) fn new(db: &'c dyn Connection, run_id: &'c str) -> Result<Self> {
        let sql = "INSERT INTO trajectories
                     (id, run_id, benchmark, idx, example_id, reward, metrics, logs, error, time_seconds)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let insert = db.prepare(sql)?;
        Ok(TrajectoryInserter {
            run_id,
            insert,
            next_id: next_id(db, "trajectories")?,
            turns: TurnInserter::new(db)?,
        })
    }

    /// Returns the id of the row.
    pub(in crate::store) fn insert(&mut self, new: &NewTrajectory<'_>) -> Result<i64> {
        let (id, outcome) = (self.next_id, &new.outcome);
        let values = [
            id.into(),
            self.run_id.into(),
            new.benchmark.into(),
            new.idx.into(),
            Value::optional_text(outcome.example_id),
            outcome.reward.unwrap_or(0.0).into(),
            Value::optional_text(outcome.metrics),
            Value::optional_text(outcome.logs),
            Value::optional_text(outcome.error),
            Value::optional_real(outcome.time_seconds),
        ];
        self.insert.execute(&values).map_err(|error| self.explain(error, new))?;
        self.next_id += 1;
        for (turn, position) in new.turns.iter().zip(0..) {
            self.turns.insert(id, position, turn)?;
        }
        Ok(id)
    }

    fn explain(&self, error: StoreError, new: &NewTrajectory<'_>) -> StoreError {
        let (run_id, NewTrajectory { benchmark, idx, .. }) = (self.run_id, new);
        let duplicate = || RowId::Trajectory {
            run_id: run_id.to_owned(),
            benchmark: (*benchmark).to_owned(),
            idx: *idx,
        };
        error.explained(duplicate, || RowKind::Run.of_id(run_id))
    }
}

struct TurnInserter<'c> {
    insert: Box<dyn Statement + 'c>,
    texts: TextInserter<'c>,
}

impl<'c> TurnInserter<'c> {
    fn new(db: &'c dyn Connection) -> Result<Self> {
        let sql = "INSERT INTO turns
                     (trajectory_id, position, role, content, text_id, is_parts, token_count, metadata)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        Ok(TurnInserter { insert: db.prepare(sql)?, texts: TextInserter::new(db)? })
    }

    fn insert(&mut self, trajectory: i64, position: i64, turn: &NewTurn<'_>) -> Result<()> {
        let text = self.texts.id_of(turn.content)?;
        let values = [
            trajectory.into(),
            position.into(),
            turn.role.name().into(),
            if text.is_some() { Value::Null } else { turn.content.into() },
            text.map_or(Value::Null, Value::Integer),
            if turn.is_parts { Value::Integer(1) } else { Value::Null },
            Value::optional_real(turn.token_count),
            Value::optional_text(turn.metadata),
        ];
        self.insert.execute(&values).map(drop)
    }
}
