#![no_main]

use std::sync::Once;

/// The archive catches panics of the Parquet reader; libFuzzer would end the process before.
static WITHOUT_HOOK: Once = Once::new();

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    WITHOUT_HOOK.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    runstore_fuzz::archive_file(data)
});
