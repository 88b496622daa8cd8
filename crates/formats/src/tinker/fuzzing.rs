//! The checks of the fuzz target for the files.

use super::{iso_time, line, python_json, result_file, run_file};

/// Parses a text as each of the files, writes it, parses that again, and returns both.
pub fn read_twice(text: &str) -> Vec<[String; 2]> {
    let mut read = Vec::new();
    let mut add = |first: String, second: String| read.push([first, second]);
    if let Ok(made) = python_json::canonical(text) {
        let again = python_json::canonical(&python_json::ascii(&made.json));
        add(made.json, again.map(|again| again.json).unwrap_or_default());
    }
    if let Ok(first) = line::read(text) {
        let written = first.line.written();
        let again = line::read(String::from_utf8_lossy(&written).trim_end());
        add(format!("{:?}", first.line), written_again(again.map(|again| again.line)));
    }
    if let Ok((first, _)) = run_file::read(text, "run") {
        let again = run_file::read(&first.written(), "run").map(|(again, _)| again);
        add(format!("{first:?}"), written_again(again));
    }
    if let Ok((first, _)) = result_file::read(text, "maze") {
        let again = result_file::read(&first.written(), "maze").map(|(again, _)| again);
        add(format!("{first:?}"), written_again(again));
    }
    if let Some(ms) = iso_time::parse(text, 0) {
        add(format!("{:?}", Some(ms)), format!("{:?}", iso_time::parse(&iso_time::write(ms), 60)));
    }
    read
}

/// Returns the parsed value, or the reason why it is invalid.
fn written_again<T: std::fmt::Debug>(again: Result<T, String>) -> String {
    again.map_or_else(|reason| reason, |read| format!("{read:?}"))
}
