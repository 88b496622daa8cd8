//! Saves trajectories, whole or turn by turn.

use super::case::CaseFinder;
use super::texts::{TextInserter, TextsInUse, drop_unused, next_id};
use crate::db::{Connection, Statement, Value};
use crate::error::{Argument, Result, RowId, RowKind, StoreError};
use crate::model::{NewOutcome, NewTrajectory, NewTurn};
use crate::store::{OnConflict, Part, Store};

impl Store {
    /// Saves trajectories of a run with their turns, all or none. A new one replaces an existing one with all of its turns,
    /// or the old one stays, as `on_conflict` says.
    ///
    /// # Errors
    /// If there is no such run or case, or, with [`OnConflict::Error`], a trajectory with the same benchmark and idx
    /// exists.
    pub fn save_trajectories<'a>(
        &self,
        run_id: &str,
        part: Part,
        on_conflict: OnConflict,
        trajectories: impl IntoIterator<Item = Result<NewTrajectory<'a>>>,
    ) -> Result<()> {
        self.write_part("saveTrajectories", part, |db| {
            self.heartbeat(db, run_id)?;
            let mut saver = TrajectorySaver::new(db, run_id, on_conflict)?;
            for (trajectory, row) in trajectories.into_iter().zip(part.first_row..) {
                let saved = saver.save(&trajectory?);
                saved.map_err(|error| error.at(Argument::row("trajectories", row)))?;
            }
            drop_unused(db, &saver.replaced)
        })
    }

    /// Deletes a trajectory with its turns; returns whether it existed.
    pub fn delete_trajectory(&self, run_id: &str, benchmark: &str, idx: i64) -> Result<bool> {
        self.write("deleteTrajectory", |db| {
            let found = find(db, &[run_id.into(), benchmark.into(), idx.into()])?;
            let Some(id) = found else { return Ok(false) };
            self.heartbeat(db, run_id)?;
            let texts = TextsInUse::of_trajectory(db, id)?;
            db.execute("DELETE FROM trajectories WHERE id = ?", &[id.into()])?;
            drop_unused(db, &texts)?;
            Ok(true)
        })
    }

    /// Appends turns to the trajectory with this benchmark and idx, which is created if necessary, and sets the given
    /// fields of its outcome. Returns its number of turns.
    ///
    /// # Errors
    /// If there is no such run or case.
    pub fn append_turns(&self, run_id: &str, given: &NewTrajectory<'_>) -> Result<u64> {
        self.write("appendTurns", |db| {
            self.heartbeat(db, run_id)?;
            let key = [run_id.into(), given.benchmark.into(), given.idx.into()];
            let id = match find(db, &key)? {
                Some(id) => {
                    update(db, run_id, id, &given.outcome).map_err(of_outcome)?;
                    id
                }
                None => begin(db, run_id, given).map_err(of_outcome)?,
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

/// The refused field belongs to the outcome.
fn of_outcome(error: StoreError) -> StoreError {
    if error.argument.is_some() { error.at(Argument::new("outcome")) } else { error }
}

fn find(db: &dyn Connection, key: &[Value<'_>]) -> Result<Option<i64>> {
    let sql = "SELECT id FROM trajectories WHERE run_id = ? AND benchmark = ? AND idx = ?";
    db.query_one(sql, key, |row| row.integer(0))
}

fn begin(db: &dyn Connection, run_id: &str, given: &NewTrajectory<'_>) -> Result<i64> {
    let mut inserter = TrajectoryInserter::new(db, run_id)?;
    inserter.insert(&NewTrajectory { turns: vec![], ..given.clone() })
}

/// Sets the given fields of the outcome.
fn update(db: &dyn Connection, run_id: &str, id: i64, outcome: &NewOutcome<'_>) -> Result<()> {
    let case_id = CaseFinder::new(db, run_id).find(outcome)?;
    let sql = "UPDATE trajectories SET example_id = coalesce(?, example_id), reward = coalesce(?, reward),
                 metrics = coalesce(?, metrics), logs = coalesce(?, logs), error = coalesce(?, error),
                 time_seconds = coalesce(?, time_seconds), trial = coalesce(?, trial),
                 case_id = coalesce(?, case_id) WHERE id = ?";
    let mut values =
        values_of(outcome, Value::optional_real(outcome.reward), case_id.as_deref()).to_vec();
    values.push(id.into());
    db.execute(sql, &values).map(drop)
}

/// The columns of an outcome in order; the reward is passed separately, because it has no default here.
fn values_of<'v>(
    outcome: &NewOutcome<'v>,
    reward: Value<'v>,
    case_id: Option<&'v str>,
) -> [Value<'v>; 8] {
    [
        Value::optional_text(outcome.example_id),
        reward,
        Value::optional_text(outcome.metrics),
        Value::optional_text(outcome.logs),
        Value::optional_text(outcome.error),
        Value::optional_real(outcome.time_seconds),
        Value::optional_real(outcome.trial),
        Value::optional_text(case_id),
    ]
}

/// Saves trajectories, some of which may exist already.
struct TrajectorySaver<'c> {
    db: &'c dyn Connection,
    on_conflict: OnConflict,
    inserter: TrajectoryInserter<'c>,
    /// Texts of replaced turns. They are deleted last, because new turns may have the same texts.
    replaced: TextsInUse,
}

impl<'c> TrajectorySaver<'c> {
    fn new(db: &'c dyn Connection, run_id: &'c str, on_conflict: OnConflict) -> Result<Self> {
        let inserter = TrajectoryInserter::new(db, run_id)?;
        Ok(TrajectorySaver { db, on_conflict, inserter, replaced: TextsInUse::default() })
    }

    fn save(&mut self, new: &NewTrajectory<'_>) -> Result<()> {
        let key = [self.inserter.run_id.into(), new.benchmark.into(), new.idx.into()];
        let there = match self.on_conflict {
            OnConflict::Error => None,
            OnConflict::Replace | OnConflict::Ignore => find(self.db, &key)?,
        };
        match there {
            None => self.inserter.insert(new).map(drop).map_err(OnConflict::advised),
            Some(_) if self.on_conflict == OnConflict::Ignore => Ok(()),
            Some(id) => self.replace(id, new),
        }
    }

    fn replace(&mut self, id: i64, new: &NewTrajectory<'_>) -> Result<()> {
        self.replaced.add(TextsInUse::of_trajectory(self.db, id)?);
        self.db.execute("DELETE FROM turns WHERE trajectory_id = ?", &[id.into()])?;
        self.inserter.replace(id, new)
    }
}

pub(in crate::store) struct TrajectoryInserter<'c> {
    db: &'c dyn Connection,
    run_id: &'c str,
    insert: Box<dyn Statement + 'c>,
    next_id: i64,
    cases: CaseFinder<'c>,
    turns: TurnInserter<'c>,
}

impl<'c> TrajectoryInserter<'c> {
    pub(in crate::store) fn new(db: &'c dyn Connection, run_id: &'c str) -> Result<Self> {
        let sql = "INSERT INTO trajectories
                     (id, run_id, benchmark, idx, example_id, reward, metrics, logs, error, time_seconds, trial, case_id)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let insert = db.prepare(sql)?;
        Ok(TrajectoryInserter {
            db,
            run_id,
            insert,
            next_id: next_id(db, "trajectories")?,
            cases: CaseFinder::new(db, run_id),
            turns: TurnInserter::new(db)?,
        })
    }

    /// Returns the id of the row.
    pub(in crate::store) fn insert(&mut self, new: &NewTrajectory<'_>) -> Result<i64> {
        let id = self.next_id;
        let case_id = self.cases.find(&new.outcome)?;
        let key = [id.into(), self.run_id.into(), new.benchmark.into(), new.idx.into()];
        let values = [&key[..], &whole(&new.outcome, case_id.as_deref())].concat();
        self.insert.execute(&values).map_err(|error| self.explain(error, new))?;
        self.next_id += 1;
        self.insert_turns(id, new)?;
        Ok(id)
    }

    /// Gives a trajectory whose turns were deleted the turns and the outcome of another.
    fn replace(&mut self, id: i64, new: &NewTrajectory<'_>) -> Result<()> {
        let case_id = self.cases.find(&new.outcome)?;
        let sql = "UPDATE trajectories SET example_id = ?, reward = ?, metrics = ?, logs = ?, error = ?, time_seconds = ?,
                     trial = ?, case_id = ? WHERE id = ?";
        let values = [&whole(&new.outcome, case_id.as_deref())[..], &[id.into()]].concat();
        self.db.execute(sql, &values)?;
        self.insert_turns(id, new)
    }

    fn insert_turns(&mut self, id: i64, new: &NewTrajectory<'_>) -> Result<()> {
        let mut turns = new.turns.iter().zip(0..);
        turns.try_for_each(|(turn, position)| self.turns.insert(id, position, turn))
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

/// The columns of a complete outcome.
fn whole<'v>(outcome: &NewOutcome<'v>, case_id: Option<&'v str>) -> [Value<'v>; 8] {
    values_of(outcome, outcome.reward.unwrap_or(0.0).into(), case_id)
}

struct TurnInserter<'c> {
    insert: Box<dyn Statement + 'c>,
    texts: TextInserter<'c>,
}

impl<'c> TurnInserter<'c> {
    fn new(db: &'c dyn Connection) -> Result<Self> {
        let sql = "INSERT INTO turns
                     (trajectory_id, position, role, content, text_id, is_parts, token_count, metadata, message)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        Ok(TurnInserter { insert: db.prepare(sql)?, texts: TextInserter::new(db)? })
    }

    fn insert(&mut self, trajectory: i64, position: i64, turn: &NewTurn<'_>) -> Result<()> {
        let text = turn.content.map_or(Ok(None), |content| self.texts.id_of(content))?;
        let values = [
            trajectory.into(),
            position.into(),
            turn.role.name().into(),
            Value::optional_text(turn.content.filter(|_| text.is_none())),
            text.map_or(Value::Null, Value::Integer),
            if turn.is_parts { Value::Integer(1) } else { Value::Null },
            Value::optional_real(turn.token_count),
            Value::optional_text(turn.metadata),
            Value::optional_text(turn.message),
        ];
        self.insert.execute(&values).map(drop)
    }
}
