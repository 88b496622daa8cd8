//! Ids of run files, which are also their file names.

use std::path::{Path, PathBuf};

use runstore::error::{Argument, Code, Result, StoreError};

/// Bytes of the longest id: file systems allow 255 for a name, and the temporary name is longer.
const LONGEST: usize = 200;

/// Characters that some system does not allow in file names.
const FORBIDDEN: [char; 9] = ['/', '\\', '<', '>', ':', '"', '|', '?', '*'];

/// Device names on Windows, with any extension; those of the second kind have a number.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// Checks that the id is a valid file name on every system.
///
/// # Errors
/// If it is empty, too long, or not a valid file name; the message says to give the file another id.
pub fn check_run_id(run_id: &str) -> Result<()> {
    let why = match run_id {
        "" => "is empty".to_owned(),
        long if long.len() > LONGEST => format!("is longer than {LONGEST} bytes"),
        hidden if hidden.starts_with('.') => "begins with a dot".to_owned(),
        odd if odd.ends_with(['.', ' ']) => "ends with a dot or a space".to_owned(),
        device if is_device(device) => "is the name of a device".to_owned(),
        other => match other.chars().find(|one| one.is_control() || FORBIDDEN.contains(one)) {
            Some(character) => format!("has the character {character:?}"),
            None => return Ok(()),
        },
    };
    let message = format!("the run id {run_id:?} cannot be the name of a file: it {why}");
    let remedy = "names the file, and the run in it, otherwise";
    Err(StoreError::new(Code::InvalidArgument, message)
        .remedied_by(Argument::option("run_id"), remedy))
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let stem = stem.trim_end();
    match stem.strip_suffix(|last: char| last.is_ascii_digit()) {
        Some(numbered) => NUMBERED_DEVICES.contains(&numbered),
        None => DEVICES.contains(&stem),
    }
}

/// Returns the path of the file with this id.
///
/// # Errors
/// As [`check_run_id`].
pub fn path_of(folder: &Path, run_id: &str) -> Result<PathBuf> {
    check_run_id(run_id)?;
    Ok(folder.join(format!("{run_id}.json")))
}

/// Returns a new id for a file of several runs: `run_{timestamp}_{short}`.
pub fn default_run_id(now: i64, random: u32) -> String {
    format!("run_{}_{:06x}", runstore::store::date_and_time(now as f64), random & 0x00ff_ffff)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use super::*;

    #[test]
    fn an_id_that_is_not_a_valid_file_name_is_refused() {
        let odd =
            ["", "a/b", "..", ".hidden", "a\\b", "a\nb", "nul", "COM1.x", "a.", "a:b", "lpt9"];
        for id in odd.map(str::to_owned).into_iter().chain(["x".repeat(201)]) {
            assert!(check_run_id(&id).is_err(), "{id:?}");
        }
        for id in ["run_2026-05-07_14-22", "é 1", "console", "nullable", "com", "a.b"] {
            assert!(check_run_id(id).is_ok(), "{id:?}");
        }
    }

    #[test]
    fn a_default_id_has_the_time_and_random_digits() {
        assert_eq!(default_run_id(1_795_262_400_123, 0xabcdef12), "run_20261121_120000_cdef12");
    }
}
