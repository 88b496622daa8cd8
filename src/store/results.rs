//! Cases together with their scores.

use super::{Store, cases::CaseInserter, ids::given_or_new, scores::ScoreInserter};
use crate::error::Result;
use crate::model::{NewCase, NewScore};

impl Store {
    /// Saves cases with their scores, all or none, and returns the ids of the cases.
    ///
    /// The scores' own `case_id` is not looked at. The first case is at position `first_row` in all that the
    /// caller saves.
    pub fn save_results<'a>(
        &self,
        first_row: usize,
        results: impl IntoIterator<Item = Result<(NewCase<'a>, Vec<NewScore<'a>>)>>,
    ) -> Result<Vec<String>> {
        self.write("saveResults", |db| {
            let (mut cases, mut scores) = (CaseInserter::new(db)?, ScoreInserter::new(db)?);
            let mut ids = Vec::new();
            for (at, result) in results.into_iter().enumerate() {
                let (case, its_scores) = result?;
                let place = format!("results[{}]", first_row + at);
                let mut made = None;
                let id = given_or_new(case.id, &mut made);
                cases.insert_as(id, &case).map_err(|error| error.during(&place))?;
                for (at, score) in its_scores.iter().enumerate() {
                    scores
                        .insert(&NewScore { case_id: id, ..*score })
                        .map_err(|error| error.during(&format!("{place}.scores[{at}]")))?;
                }
                ids.push(id.to_owned());
            }
            Ok(ids)
        })
    }
}
