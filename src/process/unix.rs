//! Calls of the C library that std does not offer.
#![allow(unsafe_code)] // calls into the C library

use std::ffi::{c_char, c_int};

/// "No such process", the same number on every Unix.
const ESRCH: c_int = 3;
/// Longer than host names are.
const MOST: usize = 1024;

unsafe extern "C" {
    fn kill(pid: c_int, signal: c_int) -> c_int;
    fn gethostname(name: *mut c_char, length: usize) -> c_int;
}

/// Returns whether a process with this id exists, of any user. An ended process exists until its parent has waited for
/// it.
pub(super) fn is_there(pid: c_int) -> bool {
    // SAFETY: signal 0 is not delivered; it only checks.
    let answer = unsafe { kill(pid, 0) };
    answer == 0 || std::io::Error::last_os_error().raw_os_error() != Some(ESRCH)
}

/// Returns the name of the machine.
pub(super) fn host_name() -> Option<String> {
    let mut name = [0_u8; MOST];
    // SAFETY: the buffer has the given length, and its last byte stays 0.
    let answer = unsafe { gethostname(name.as_mut_ptr().cast::<c_char>(), MOST - 1) };
    let text = name.split(|byte| *byte == 0).next().unwrap_or_default();
    (answer == 0 && !text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_1_and_this_one_exist_and_the_machine_has_a_name() {
        assert!(is_there(1) && is_there(std::process::id() as c_int));
        assert!(host_name().is_some());
    }
}
