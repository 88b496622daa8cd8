//! The content of a page of one run, or of two runs side by side: an [`Index`] with a small row for each case, and the
//! [`Body`]s of the cases, which are read block by block. `ui/` renders it, from an HTML file or from a server.

mod beginning;
mod body;
mod failures;
mod figures;
mod group_words;
mod head;
mod in_common;
mod index;
mod limits;
mod messages;
mod options;
mod previews;
mod rows;
mod searched;
mod shown;
mod words;

use serde::Serialize;

pub use beginning::beginning;
pub use body::{Body, BodyScore, BodyTrial, BodyTurn, bodies};
pub use failures::FailureGroup;
pub use figures::{RunFigures, run_figures};
pub use head::{Mean, PageRun, PageScorecard, PageScorer, PageVerdict, PastRun, SuiteName};
pub use index::{Index, page};
pub use limits::Limits;
pub use options::{Field, MAX_PAGE_HISTORY, PAGE_HISTORY, PageOptions, Preset};
pub use rows::{Column, Rows, Side};

/// Number of cases whose bodies are in one block.
pub const ROWS_IN_BLOCK: usize = 500;

/// The ids of the trials of a row: those of the baseline, and those of the candidate.
pub type RowIds = [Vec<String>; 2];

/// A page before its bodies are read.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// The title of the window.
    pub title: String,
    /// The page without the bodies.
    pub index: Index,
    /// The rows whose bodies are shown; `None` for a row whose texts are left out.
    pub ids: Vec<Option<RowIds>>,
}
