//! Trajectories whose idx is no whole number, or none that an integer holds: a reading that goes on from one page to the
//! next finds its way past them, or says which it is.

use runstore::model::{NewOutcome, NewTrajectory, TrajectoryFilter};
use runstore::rows::RowSource;
use runstore::store::{OnConflict, Part};

use super::*;

/// What SQLite keeps as something else than an integer, also in a column of integers.
const ODD: [&str; 8] =
    ["0.5", "1e300", "-1e300", "9.3e18", "9e999", "'one'", "x'01'", "x'0000000000000001'"];

/// A store of a run with the trajectories 0, 1 and 2, of which one has another idx.
fn file(odd: &str) -> Place {
    let place = store_file();
    let store = open(&place.path).unwrap();
    let trajectories = (0..3).map(|idx| {
        Ok(NewTrajectory { benchmark: "b", idx, outcome: NewOutcome::default(), turns: vec![] })
    });
    store.save_trajectories("run", Part::WHOLE, OnConflict::Error, trajectories).unwrap();
    store.close().unwrap();
    forge(&place, &format!("UPDATE trajectories SET idx = {odd} WHERE idx = 1"));
    place
}

/// Reads page after page of one trajectory; more pages than trajectories are one that never ends.
fn page_through(store: &Store) -> Result<usize> {
    let (mut found, mut cursor) = (0, None);
    for _ in 0..9 {
        let filter = TrajectoryFilter::default();
        let page = store.trajectories_after("run", &filter, cursor.as_deref(), 1, "read")?;
        found += page.rows.len();
        cursor = page.cursor;
        if cursor.is_none() {
            return Ok(found);
        }
    }
    panic!("it does not end");
}

#[test]
fn a_reading_ends_at_an_idx_that_is_no_whole_number() {
    for odd in ODD {
        let place = file(odd);
        let store = open(&place.path).unwrap();
        let error = page_through(&store).unwrap_err();
        assert_eq!(error.code, Code::Corrupt, "{odd}: {error}");
        let says = "idx of a trajectory of benchmark \"b\" is not a whole number";
        assert!(error.message().contains(says), "{odd}: {error}");
        let mut rows = store.export_run("run");
        let ended = (0..99).find_map(|_| match rows.next_batch() {
            Ok(Some(_)) => None,
            ended => Some(ended),
        });
        assert_eq!(ended.unwrap().unwrap_err().code, Code::Corrupt, "{odd}");
    }
}

#[test]
fn a_reading_goes_past_the_ends_of_all_integers() {
    for idx in ["9223372036854775807", "-9223372036854775808", "9007199254740993"] {
        let place = file(idx);
        let store = open(&place.path).unwrap();
        assert_eq!(page_through(&store).unwrap(), 3, "{idx}");
    }
}
