//! Rows as the host packs them: all text in one buffer, lengths and numbers beside it.
//!
//! Crossing the language boundary costs more than an insert, so rows cross in batches, and their text is borrowed from
//! the buffer, not copied. The layout of a row is the order of the reads below; `lib/rows/pack*.js` write it. The
//! length [`NONE`] stands for a missing text, [`SAME`] for the text of this column in the previous row.

use crate::error::{Code, Result, StoreError};
use crate::model::{MoreOfCase, NewCase, NewOutcome, NewScore, NewTrajectory, NewTurn, Role};

const NONE: i32 = -1;
const SAME: i32 = -2;

/// A batch of packed rows.
#[derive(Clone, Copy, Debug)]
pub struct PackedRows<'a> {
    /// UTF-8.
    pub text: &'a [u8],
    /// Bytes of each text, and flags.
    pub lengths: &'a [i32],
    /// Numbers; NaN stands for a missing one.
    pub numbers: &'a [f64],
    /// Number of rows.
    pub rows: usize,
}

/// Reads a batch from its start.
#[derive(Clone, Debug)]
struct Reader<'a> {
    text: &'a [u8],
    lengths: std::slice::Iter<'a, i32>,
    numbers: std::slice::Iter<'a, f64>,
}

impl<'a> Reader<'a> {
    fn new(packed: &PackedRows<'a>) -> Self {
        Reader { text: packed.text, lengths: packed.lengths.iter(), numbers: packed.numbers.iter() }
    }

    fn length(&mut self) -> Result<i32> {
        self.lengths.next().copied().ok_or_else(cut_short)
    }

    /// Returns the next number, `None` for NaN.
    fn number(&mut self) -> Result<Option<f64>> {
        let number = *self.numbers.next().ok_or_else(cut_short)?;
        Ok((!number.is_nan()).then_some(number))
    }

    fn text(&mut self) -> Result<Option<&'a str>> {
        match self.length()? {
            NONE => Ok(None),
            length => self.text_of(length).map(Some),
        }
    }

    fn required(&mut self, what: &str) -> Result<&'a str> {
        self.text()?.ok_or_else(|| malformed(&format!("{what} is missing")))
    }

    fn text_or_same(&mut self, before: &mut &'a str) -> Result<&'a str> {
        match self.length()? {
            SAME => {}
            length => *before = self.text_of(length)?,
        }
        Ok(before)
    }

    fn text_of(&mut self, length: i32) -> Result<&'a str> {
        let length = usize::try_from(length).map_err(|_| malformed("a length is negative"))?;
        let (text, rest) = self.text.split_at_checked(length).ok_or_else(cut_short)?;
        self.text = rest;
        std::str::from_utf8(text).map_err(|_| malformed("text is not UTF-8"))
    }

    fn case(&mut self, run_id: &mut &'a str) -> Result<NewCase<'a>> {
        Ok(NewCase {
            id: self.text()?,
            run_id: self.text_or_same(run_id)?,
            idx: self.number()?.ok_or_else(|| malformed("idx is missing"))?,
            input: self.required("input")?,
            output: self.text()?,
            expected: self.text()?,
            latency_ms: self.number()?,
            tokens_in: self.number()?,
            tokens_out: self.number()?,
            error: self.text()?,
            more: if self.length()? == 0 { MoreOfCase::default() } else { self.more()? },
        })
    }

    fn more(&mut self) -> Result<MoreOfCase<'a>> {
        Ok(MoreOfCase {
            key: self.text()?,
            trial: self.number()?,
            benchmark: self.text()?,
            cluster: self.text()?,
            metadata: self.text()?,
            cost_usd: self.number()?,
            started_at: self.number()?,
        })
    }

    fn score(&mut self, case_id: &mut &'a str) -> Result<NewScore<'a>> {
        let mut score = NewScore {
            id: self.text()?,
            case_id: self.text_or_same(case_id)?,
            scorer_name: self.required("scorer_name")?,
            score: self.number()?.ok_or_else(|| malformed("score is missing"))?,
            reason: self.text()?,
            ..NewScore::default()
        };
        if self.length()? != 0 {
            score.metadata = self.text()?;
            score.answer = self.text()?;
        }
        Ok(score)
    }

    fn scores(&mut self) -> Result<Vec<NewScore<'a>>> {
        let count = self.length()?;
        (0..count).map(|_| self.score(&mut "")).collect()
    }
}

impl<'a> Reader<'a> {
    fn trajectory(&mut self, benchmark: &mut &'a str) -> Result<NewTrajectory<'a>> {
        Ok(NewTrajectory {
            benchmark: self.text_or_same(benchmark)?,
            idx: self.number()?.ok_or_else(|| malformed("idx is missing"))? as i64,
            outcome: self.outcome()?,
            turns: self.turns()?,
        })
    }

    fn outcome(&mut self) -> Result<NewOutcome<'a>> {
        Ok(NewOutcome {
            example_id: self.text()?,
            reward: self.number()?,
            metrics: self.text()?,
            logs: self.text()?,
            error: self.text()?,
            time_seconds: self.number()?,
            ..if self.length()? == 0 { NewOutcome::default() } else { self.case_of_outcome()? }
        })
    }

    fn case_of_outcome(&mut self) -> Result<NewOutcome<'a>> {
        let (trial, case_id, key) = (self.number()?, self.text()?, self.text()?);
        Ok(NewOutcome { trial, case_id, key, ..NewOutcome::default() })
    }

    fn turns(&mut self) -> Result<Vec<NewTurn<'a>>> {
        let count = self.length()?;
        (0..count).map(|_| self.turn()).collect()
    }

    fn turn(&mut self) -> Result<NewTurn<'a>> {
        let role = usize::try_from(self.length()?).ok().and_then(|role| Role::ALL.get(role));
        Ok(NewTurn {
            role: *role.ok_or_else(|| malformed("there is no such role"))?,
            is_parts: self.length()? != 0,
            content: self.text()?,
            token_count: self.number()?,
            metadata: self.text()?,
            message: self.text()?,
        })
    }
}

fn cut_short() -> StoreError {
    malformed("it is cut short")
}

fn malformed(what: &str) -> StoreError {
    StoreError::new(Code::Internal, format!("a packed batch is malformed: {what}"))
}

/// The cases of a batch.
#[derive(Clone, Debug)]
pub struct PackedCases<'a> {
    reader: Reader<'a>,
    run_id: &'a str,
    left: usize,
}

impl<'a> From<&PackedRows<'a>> for PackedCases<'a> {
    fn from(packed: &PackedRows<'a>) -> Self {
        PackedCases { reader: Reader::new(packed), run_id: "", left: packed.rows }
    }
}

impl<'a> Iterator for PackedCases<'a> {
    type Item = Result<NewCase<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(self.reader.case(&mut self.run_id))
    }
}

/// The scores of a batch.
#[derive(Clone, Debug)]
pub struct PackedScores<'a> {
    reader: Reader<'a>,
    case_id: &'a str,
    left: usize,
}

impl<'a> From<&PackedRows<'a>> for PackedScores<'a> {
    fn from(packed: &PackedRows<'a>) -> Self {
        PackedScores { reader: Reader::new(packed), case_id: "", left: packed.rows }
    }
}

impl<'a> Iterator for PackedScores<'a> {
    type Item = Result<NewScore<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(self.reader.score(&mut self.case_id))
    }
}

/// The cases of a batch, each followed by its scores.
#[derive(Clone, Debug)]
pub struct PackedResults<'a> {
    reader: Reader<'a>,
    run_id: &'a str,
    left: usize,
}

impl<'a> PackedResults<'a> {
    /// Reads cases of one run; the packed rows do not name it.
    pub fn new(run_id: &'a str, packed: &PackedRows<'a>) -> Self {
        PackedResults { reader: Reader::new(packed), run_id, left: packed.rows }
    }
}

impl<'a> Iterator for PackedResults<'a> {
    type Item = Result<(NewCase<'a>, Vec<NewScore<'a>>)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let case = self.reader.case(&mut self.run_id);
        Some(case.and_then(|case| Ok((case, self.reader.scores()?))))
    }
}

/// The trajectories of a batch, each with its turns.
#[derive(Clone, Debug)]
pub struct PackedTrajectories<'a> {
    reader: Reader<'a>,
    benchmark: &'a str,
    left: usize,
}

impl<'a> From<&PackedRows<'a>> for PackedTrajectories<'a> {
    fn from(packed: &PackedRows<'a>) -> Self {
        PackedTrajectories { reader: Reader::new(packed), benchmark: "", left: packed.rows }
    }
}

impl<'a> Iterator for PackedTrajectories<'a> {
    type Item = Result<NewTrajectory<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(self.reader.trajectory(&mut self.benchmark))
    }
}
