//! Cases together with their scores.

use super::{Part, Store, cases::CaseInserter, ids::given_or_new, scores::ScoreInserter};
use crate::error::Result;
use crate::model::{NewCase, NewScore};

impl Store {
    /// Saves cases with their scores, all or none, and returns the ids of the cases.
    ///
    /// The scores' own `case_id` is not looked at.
    pub fn save_results<'a>(
        &self,
        part: Part,
        results: impl IntoIterator<Item = Result<(NewCase<'a>, Vec<NewScore<'a>>)>>,
    ) -> Result<Vec<String>> {
        self.write_part("saveResults", part, |db| {
            let (mut cases, mut scores) = (CaseInserter::new(db)?, ScoreInserter::new(db)?);
            let mut ids = Vec::new();
            for (result, row) in results.into_iter().zip(part.first_row..) {
                let (case, its_scores) = result?;
                let place = format!("results[{row}]");
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
