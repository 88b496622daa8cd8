//! Tells a process from others with the same id, by what Linux shows in files.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Stands for an unknown value.
const NOTHING: &str = "-";

/// Tells a process from others with the same id. Unknown values are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ProcessIdentity {
    /// Its start time, in ticks since the boot.
    pub(super) started: Option<String>,
    /// The boot id of its machine.
    pub(super) boot: Option<String>,
    /// Its PID and time namespaces, which are those of a container.
    pub(super) space: Option<String>,
    /// The machine.
    pub(super) machine: Option<String>,
}

impl ProcessIdentity {
    pub(super) fn of_this() -> Self {
        ProcessIdentity {
            started: state("self").map(|state| state.started),
            boot: line("/proc/sys/kernel/random/boot_id"),
            space: space(),
            machine: machine(),
        }
    }

    /// Returns it in its stored form.
    pub(super) fn written(&self) -> String {
        let ProcessIdentity { started, boot, space, machine } = self;
        let parts = [started, boot, space, machine].map(|part| part.as_deref().unwrap_or(NOTHING));
        parts.join(" ")
    }

    pub(super) fn read(written: &str) -> Self {
        let mut parts = written.split(' ');
        let mut next = || {
            let part = parts.next().filter(|part| *part != NOTHING && !part.is_empty());
            part.map(str::to_owned)
        };
        ProcessIdentity { started: next(), boot: next(), space: next(), machine: next() }
    }

    pub(super) fn is_of_machine(&self, other: &ProcessIdentity) -> bool {
        self.machine.is_some() && self.machine == other.machine
    }
}

/// The fields of `/proc/PID/stat` that are needed.
pub(super) struct State {
    pub(super) started: String,
    /// Whether it has ended, and its parent has not yet waited for it.
    pub(super) has_ended: bool,
}

/// Returns the state of the process with this id, or of `self`.
pub(super) fn state(pid: &str) -> Option<State> {
    let text = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let text = String::from_utf8_lossy(&text);
    // The name, in parentheses, may contain anything.
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    // This is field 3 as proc(5) counts.
    let field = |number: usize| fields.get(number - 3).copied();
    // The first thread of a process may have ended before the others.
    let is_last = field(20)?.parse::<u32>().is_ok_and(|threads| threads <= 1);
    let has_ended = matches!(field(3)?, "Z" | "X" | "x") && is_last;
    Some(State { started: field(22)?.to_owned(), has_ended })
}

/// Returns the namespaces by their numbers; a kernel without time namespaces has one time for all.
fn space() -> Option<String> {
    let number = |kind: &str| {
        let link = std::fs::read_link(format!("/proc/self/ns/{kind}")).ok()?;
        let digits = link.to_str()?.chars().filter(char::is_ascii_digit).collect::<String>();
        (!digits.is_empty()).then_some(digits)
    };
    Some(format!("{},{}", number("pid")?, number("time").unwrap_or_default()))
}

/// Returns a hash of the machine's id: the id itself is meant to be confidential.
fn machine() -> Option<String> {
    // In an image that has no id yet, the file contains "uninitialized".
    let is_id = |id: &String| id.len() == 32 && id.chars().all(|digit| digit.is_ascii_hexdigit());
    let id = line("/etc/machine-id").filter(is_id)?;
    let hash = Sha256::digest(format!("runstore {id}"));
    let mut text = String::new();
    for byte in hash.iter().take(16) {
        write!(text, "{byte:02x}").ok()?;
    }
    Some(text)
}

/// Returns the single line of a small file, `None` for an empty one.
pub(super) fn line(path: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.trim();
    (!line.is_empty() && !line.contains(char::is_whitespace)).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_they_were_written() {
        let some = |text: &str| Some(text.to_owned());
        let all = ProcessIdentity {
            started: some("1"),
            boot: some("b"),
            space: some("2,3"),
            machine: None,
        };
        assert_eq!(all.written(), "1 b 2,3 -");
        assert_eq!(ProcessIdentity::read(&all.written()), all);
        assert_eq!(ProcessIdentity::default().written(), "- - - -");
        assert_eq!(ProcessIdentity::read("- - - -"), ProcessIdentity::default());
    }
}
