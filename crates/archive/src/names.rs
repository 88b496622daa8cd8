//! Names that become paths: they are escaped when they are written, and checked when they are read.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use runstore::error::{Code, Result, StoreError};
use sha2::{Digest, Sha256};

/// Characters that are escaped because a file system or URL may not allow them; so is everything outside ASCII.
const IN_NAME: &AsciiSet = &CONTROLS
    .add(b'/')
    .add(b'\\')
    .add(b'%')
    .add(b':')
    .add(b'*')
    .add(b'?')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'|')
    .add(b'#')
    .add(b' ');

/// Characters that are escaped in a path of the log, which is a URI.
const IN_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'%')
    .add(b'#')
    .add(b'?')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'|')
    .add(b'\\');

/// The project of an archive where none is named.
pub const DEFAULT_PROJECT: &str = "default";

/// Maximum length of an escaped name; file systems allow 255 characters including the other parts of the file name.
const LONGEST: usize = 150;

/// Maximum length of a project, in bytes.
const LONGEST_PROJECT: usize = 200;

/// Number of random digits in a name of ours.
pub(crate) const UNIQUE: usize = 12;

/// Returns the name as a part of a file name; different names stay different.
pub(crate) fn escaped(name: &str) -> String {
    let escaped = utf8_percent_encode(name, IN_NAME).to_string();
    let escaped = match escaped.strip_prefix('.') {
        Some(rest) => format!("%2E{rest}"),
        None => escaped,
    };
    if escaped.len() <= LONGEST {
        return escaped;
    }
    // The name is ASCII, so every index is a character boundary.
    let start = escaped.get(..LONGEST - 33).unwrap_or_default();
    format!("{start}~{}", &hex(name.as_bytes()))
}

/// Returns the first 32 hexadecimal digits of the SHA-256 of some bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the path in the form of the log.
pub(crate) fn to_uri(path: &str) -> String {
    utf8_percent_encode(path, IN_URI).to_string()
}

/// Returns the path of a file that the log or a manifest names, relative to the project.
///
/// # Errors
/// If it leaves the project, or is not a relative path.
pub(crate) fn from_uri(uri: &str) -> Result<String> {
    let path = String::from_utf8(decoded(uri)).map_err(|_| refused(uri, "is not UTF-8"))?;
    inside(&path)?;
    Ok(path)
}

/// Decodes what is escaped, part by part: an archive has many paths, with few escapes in each. A "%" that begins no escape
/// stands for itself.
fn decoded(uri: &str) -> Vec<u8> {
    let mut parts = uri.split('%').map(str::as_bytes);
    let mut path = Vec::with_capacity(uri.len());
    path.extend_from_slice(parts.next().unwrap_or_default());
    for part in parts {
        let digit = |at: usize| part.get(at).and_then(|digit| (*digit as char).to_digit(16));
        match (digit(0).zip(digit(1)), part.get(2..)) {
            (Some((high, low)), Some(rest)) => {
                path.push((high << 4 | low) as u8);
                path.extend_from_slice(rest);
            }
            _ => {
                path.push(b'%');
                path.extend_from_slice(part);
            }
        }
    }
    path
}

/// Refuses a path that leaves its base folder.
pub(crate) fn inside(path: &str) -> Result<()> {
    let bytes = path.as_bytes();
    let is_absolute = matches!(bytes, [b'/' | b'\\', ..] | [_, b':', ..]) || path.contains("://");
    // Opening an archive checks each path: nearly all are done with the quick search.
    let leaves = path.contains("..")
        && bytes.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..");
    match is_absolute || leaves || path.is_empty() || path.contains('\0') {
        true => Err(refused(path, "leaves the folder of the project")),
        false => Ok(()),
    }
}

/// Refuses a path that cannot be that of a run's file: one outside of the folder of the project, of another kind of file, or in a
/// folder of ours. A manifest may name the log, the lock or itself, which would be adopted as runs.
pub(crate) fn of_scores(path: &str) -> Result<()> {
    inside(path)?;
    match path.ends_with(".parquet") && !path.starts_with(['.', '_']) {
        true => Ok(()),
        false => Err(refused(path, "is not that of a run's file")),
    }
}

/// Returns whether a file has a name of ours, which is used only once: the file never changes, and never returns after it was
/// removed.
pub(crate) fn is_unique(path: &str) -> bool {
    let made = path.strip_suffix(".parquet").and_then(|path| path.rsplit_once('.'));
    made.is_some_and(|(_, made)| {
        made.len() == UNIQUE && made.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Refuses a project name that would be another folder.
pub(crate) fn check_project(project: &str) -> Result<()> {
    let is_odd = |part: &str| {
        part.is_empty()
            || part.starts_with(['.', '_'])
            || part.contains(|c: char| c.is_control() || c == '\\')
    };
    let wrong = if project.len() > LONGEST_PROJECT {
        "has more than 200 bytes"
    } else if project.split('/').any(is_odd) {
        "has a control character or a backslash, or a part that is empty or begins with \".\" or \"_\""
    } else if cfg!(windows) && project.split('/').any(is_refused_by_windows) {
        "cannot be the name of a folder on Windows"
    } else {
        return Ok(());
    };
    let project = project.escape_debug();
    Err(StoreError::new(
        Code::InvalidArgument,
        format!("the project is the name of a folder, and \"{project}\" {wrong}"),
    ))
}

/// Returns whether Windows has another meaning for the name of a folder, or would change it.
fn is_refused_by_windows(name: &str) -> bool {
    let device = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let ports = ["COM", "LPT"].iter().filter_map(|port| device.strip_prefix(port));
    ["CON", "PRN", "AUX", "NUL"].contains(&device.as_str())
        || ports
            .into_iter()
            .any(|number| "123456789¹²³".chars().any(|digit| number.chars().eq([digit])))
        || name.ends_with(['.', ' '])
        || name.contains(['<', '>', ':', '"', '|', '?', '*'])
}

fn refused(path: &str, why: &str) -> StoreError {
    StoreError::new(Code::Corrupt, format!("the path \"{}\" {why}", path.escape_debug()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failing test is meant to panic

    use percent_encoding::percent_decode_str;

    use super::*;

    #[test]
    fn a_path_is_decoded_like_any_uri() {
        for uri in [
            "", "a", "%", "%%", "%4", "a%2Fb", "%e9%9D", "é%20東", "%%41", "%4%41", "%zz", "a%25",
            "%+1",
        ] {
            assert_eq!(decoded(uri), percent_decode_str(uri).collect::<Vec<_>>(), "{uri}");
        }
    }

    #[test]
    fn a_name_becomes_one_part_of_a_path_and_different_names_stay_different() {
        let names = [
            "a/b",
            "a%2Fb",
            "..",
            ".hidden",
            "a\\b",
            "é東京",
            "a b",
            "C:",
            "a\0b",
            "",
            &"x".repeat(400),
            &"x".repeat(401),
        ];
        let escaped: Vec<_> = names.iter().map(|name| escaped(name)).collect();
        for (at, one) in escaped.iter().enumerate() {
            assert!(
                one.is_ascii() && one.len() <= LONGEST && !one.contains(['/', '\\', ':', '\0']),
                "{one}"
            );
            assert!(!one.starts_with('.'), "{one}");
            assert!(!escaped[..at].contains(one), "{one}");
        }
    }

    #[test]
    fn a_path_of_the_log_is_read_back_and_must_be_in_the_project() {
        let path = "year=2026/month=01/run_id=spa ce 100%25::x=y é.parquet";
        assert_eq!(from_uri(&to_uri(path)).unwrap(), path);
        for odd in [
            "/etc/passwd",
            "../a",
            "a/../../b",
            "a/%2e%2e/b",
            "file:///a",
            "s3://b/c",
            "C:/a",
            "a\\..\\b",
            "",
            "a%00",
        ] {
            assert!(from_uri(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_manifest_names_files_of_runs_only() {
        // evalsig escapes no names.
        let paths = [
            "year=2026/month=01/run_id=_a%2Fb é.parquet",
            "year=2026/month=01/run_id=a/_b/.c.parquet",
        ];
        assert!(paths.iter().all(|path| of_scores(path).is_ok()));
        for odd in [
            ".",
            "./a.parquet",
            "_runstore/lock",
            "_delta_log/00000000000000000000.json",
            "_delta_log/00000000000000000100.checkpoint.parquet",
            "manifest.json",
            "../a.parquet",
            "",
        ] {
            assert!(of_scores(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_project_must_be_the_name_of_its_own_folder() {
        assert!(
            ["default", "team/gsm8k nightly", "é"].iter().all(|one| check_project(one).is_ok())
        );
        assert!(
            ["", "/", "a//b", "../a", ".a", "_delta_log", "a\nb", "a\\b"]
                .iter()
                .all(|one| check_project(one).is_err())
        );
    }

    #[test]
    fn names_that_windows_refuses_or_changes_are_known() {
        let odd = [
            "CON", "con", "nul.txt", "Aux .b", "COM1", "lpt9.x", "a.", "a ", "a:b", "a*", "a?b",
            "a|b", "<a>", "a\"b",
        ];
        assert!(odd.iter().all(|name| is_refused_by_windows(name)));
        let plain = ["a", "CONSOLE", "com", "COM10", "COMX", "a.b", "a b", "é東京", "100%", "null"];
        assert!(!plain.iter().any(|name| is_refused_by_windows(name)));
    }
}
