//! Compressed texts that claim to be longer or shorter than they are, or are cut off.

use runstore::model::{NewOutcome, NewTrajectory, NewTurn, Role, TrajectoryFilter};
use runstore::store::{OnConflict, Part};

use super::*;

/// A store with a trajectory that has a compressed text.
fn file() -> Place {
    let place = store_file();
    let store = open(&place.path).unwrap();
    let content = "an answer of some length ".repeat(100);
    let turn = NewTurn::says(Role::User, &content);
    let trajectory =
        NewTrajectory { benchmark: "b", idx: 3, outcome: NewOutcome::default(), turns: vec![turn] };
    store.save_trajectories("run", Part::WHOLE, OnConflict::Error, [Ok(trajectory)]).unwrap();
    store.close().unwrap();
    place
}

#[test]
fn a_text_with_a_false_length_is_refused_before_memory_is_allocated() {
    for lie in [
        "length = 0",
        "length = -1",
        "length = length - 1",
        "length = length + 1",
        "length = 1000000000000",
        "length = 9223372036854775807",
        // The frame itself claims eight bytes of length, all of them used.
        "length = 1 << 62, content = x'28b52ffdc0000000000000004001000000'",
        "length = 1 << 29, content = x'28b52ffd8000000020010000'",
        "content = substr(content, 1, 20)",
        "content = zeroblob(100)",
        "content = x''",
    ] {
        let place = file();
        forge(&place, &format!("UPDATE texts SET {lie}"));
        let store = open(&place.path).unwrap();
        let all = TrajectoryFilter::default();
        let errors = [
            store.get_trajectory("run", "b", 3.0).unwrap_err(),
            store.trajectories_after("run", &all, None, 9, "getTrajectories").unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code, Code::Corrupt, "{lie}: {error}");
            let place = "content of a turn of trajectory 3 of benchmark \"b\": a text cannot be decompressed";
            assert!(error.message().contains(place), "{lie}: {error}");
        }
    }
}
