//! The identity of this process, and whether another process is alive.
//!
//! A process id is not enough: it is reused after a while, and has no meaning on another machine or in another
//! container. So a process is also identified by its start time, the boot of the machine, and the PID and time
//! namespaces, which Linux shows in files. On other Unix systems, a process counts as ended when no process has its id
//! on a machine with the same name. Elsewhere the answer is always unknown.

mod identity;
mod open_store;
#[cfg(unix)]
mod unix;

use std::sync::OnceLock;

use identity::ProcessIdentity;
pub use open_store::OpenStore;

/// A process, as other processes can identify it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: i64,
    /// Name of its machine.
    pub host: String,
    /// What distinguishes it from others with that id, and its store, in a form that only this module reads.
    pub identity: String,
}

/// The state of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It is running.
    Alive,
    /// It has ended.
    Gone,
    /// Its machine has been restarted since.
    Rebooted,
    /// It may be running: it is on another machine or in another container, or this system does not show it.
    Unknown,
}

impl Life {
    /// Returns whether the process has certainly ended.
    pub fn is_over(self) -> bool {
        matches!(self, Life::Gone | Life::Rebooted)
    }
}

impl Process {
    /// Returns the current process.
    pub fn this() -> Process {
        static KNOWN: OnceLock<Process> = OnceLock::new();
        let known = KNOWN.get_or_init(Process::read);
        // After a fork, the cached value is the parent's.
        if known.pid == i64::from(std::process::id()) { known.clone() } else { Process::read() }
    }

    fn read() -> Process {
        let pid = i64::from(std::process::id());
        Process { pid, host: host(), identity: ProcessIdentity::of_this().written() }
    }

    /// Returns whether it is the current process. The machine may have been renamed meanwhile.
    pub fn is_this(&self) -> bool {
        let this = Process::this();
        let is_told = ProcessIdentity::read(&self.identity).boot.is_some();
        // The mark of a store may follow.
        let is_marked = self.identity.strip_prefix(&this.identity);
        let is_marked = is_marked.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        self.pid == this.pid && is_marked && (is_told || self.host == this.host)
    }

    /// Returns the state of the process, as seen from the current one.
    pub fn life(&self) -> Life {
        if self.is_this() {
            return Life::Alive;
        }
        let (here, theirs) = (Process::this(), ProcessIdentity::read(&self.identity));
        let ours = ProcessIdentity::read(&here.identity);
        match (&theirs.boot, &ours.boot) {
            (Some(theirs_of_boot), Some(boot)) if theirs_of_boot == boot => {
                let is_comparable = theirs.space.is_some() && theirs.space == ours.space;
                match is_comparable {
                    true => look_for(self.pid, theirs.started.as_deref()),
                    false => Life::Unknown,
                }
            }
            (Some(_), Some(_)) if self.host == here.host && theirs.is_of_machine(&ours) => {
                Life::Rebooted
            }
            // Without /proc there are no PID namespaces: ids are those of the whole machine.
            (None, None) if !cfg!(target_os = "linux") && self.host == here.host => {
                look_for(self.pid, None)
            }
            _ => Life::Unknown,
        }
    }
}

/// Looks for a process with this id and start time.
#[cfg(unix)]
fn look_for(pid: i64, started: Option<&str>) -> Life {
    let Some(pid) = i32::try_from(pid).ok().filter(|pid| *pid > 0) else { return Life::Unknown };
    if !unix::is_there(pid) {
        return Life::Gone;
    }
    // If the start time is unknown, the id may have been reused.
    match (identity::state(&pid.to_string()), started) {
        (Some(state), _) if state.has_ended => Life::Gone,
        (Some(state), Some(started)) if state.started != started => Life::Gone,
        _ => Life::Alive,
    }
}

#[cfg(not(unix))]
fn look_for(_pid: i64, _started: Option<&str>) -> Life {
    Life::Unknown
}

fn host() -> String {
    let told = identity::line("/proc/sys/kernel/hostname");
    #[cfg(unix)]
    let told = told.or_else(unix::host_name);
    told.or_else(|| std::env::var("COMPUTERNAME").ok()).unwrap_or_default()
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used)] // a failing test is meant to panic
mod tests {
    use std::process::{Child, Command};

    use super::*;

    /// A process that waits to be killed.
    fn sleeper() -> Child {
        Command::new("sleep").arg("600").spawn().unwrap()
    }

    /// The process with this id, identified as it would identify itself.
    fn told(pid: u32) -> Process {
        let identity = ProcessIdentity {
            started: identity::state(&pid.to_string()).map(|state| state.started),
            ..ProcessIdentity::of_this()
        };
        Process { pid: pid.into(), identity: identity.written(), ..Process::this() }
    }

    fn with_marks(process: &Process, change: impl FnOnce(&mut ProcessIdentity)) -> Process {
        let mut identity = ProcessIdentity::read(&process.identity);
        change(&mut identity);
        Process { identity: identity.written(), ..process.clone() }
    }

    #[test]
    fn this_process_lives() {
        assert_eq!(Process::this().life(), Life::Alive);
        assert!(Process::this().is_this());
        assert!(Process { host: "renamed".to_owned(), ..Process::this() }.is_this());
        assert!(!Process { pid: 1, ..Process::this() }.is_this());
        assert!(!Process { identity: String::new(), ..Process::this() }.is_this());
        assert_eq!(Process::this().pid, i64::from(std::process::id()));
    }

    #[test]
    fn a_killed_process_has_ended_even_before_its_parent_waits_for_it() {
        let mut child = sleeper();
        let process = told(child.id());
        assert_eq!(process.life(), Life::Alive);
        child.kill().unwrap();
        // Its parent has not waited for it: the id is still taken.
        while identity::state(&child.id().to_string()).is_some_and(|state| !state.has_ended) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        assert_eq!(process.life(), Life::Gone);
        child.wait().unwrap();
        assert_eq!(process.life(), Life::Gone);
    }

    #[test]
    fn a_stopped_process_is_alive() {
        let mut child = sleeper();
        let process = told(child.id());
        let stop = format!("kill -STOP {}", child.id());
        assert!(Command::new("sh").args(["-c", &stop]).status().unwrap().success());
        assert_eq!(process.life(), Life::Alive);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_reused_id_does_not_make_an_ended_process_alive() {
        let reused =
            with_marks(&Process::this(), |identity| identity.started = Some("1".to_owned()));
        assert_eq!(reused.life(), Life::Gone);
    }

    #[test]
    fn processes_of_another_container_machine_or_system_are_unknown() {
        let this = Process::this();
        let elsewhere = |change: fn(&mut ProcessIdentity)| with_marks(&this, change).life();
        assert_eq!(elsewhere(|identity| identity.space = Some("1,2".to_owned())), Life::Unknown);
        assert_eq!(elsewhere(|identity| identity.space = None), Life::Unknown);
        assert_eq!(elsewhere(|identity| identity.boot = None), Life::Unknown);
        let other_machine = with_marks(&this, |identity| {
            identity.boot = Some("another".to_owned());
            identity.machine = Some("another".to_owned());
        });
        assert_eq!(other_machine.life(), Life::Unknown);
        for odd in ["", "-", "- - -", "a b c d e f g", "\u{0} \u{1}"] {
            assert_eq!(Process { identity: odd.to_owned(), ..this.clone() }.life(), Life::Unknown);
        }
        for pid in [0, -1, i64::MAX, i64::MIN] {
            assert_eq!(Process { pid, ..this.clone() }.life(), Life::Unknown);
        }
    }

    #[test]
    fn a_restart_of_the_machine_ends_all_its_processes() {
        let before = |machine: Option<&str>| {
            with_marks(&Process::this(), |identity| {
                identity.boot = Some("another".to_owned());
                identity.machine = machine.map(str::to_owned);
            })
        };
        let known = ProcessIdentity::of_this().machine;
        let expected = if known.is_some() { Life::Rebooted } else { Life::Unknown };
        let rebooted = before(known.as_deref());
        assert_eq!(rebooted.life(), expected);
        // Machines often have the same name, so a name alone proves nothing.
        assert_eq!(before(None).life(), Life::Unknown);
        assert_eq!(Process { host: "another".to_owned(), ..rebooted }.life(), Life::Unknown);
    }
}
