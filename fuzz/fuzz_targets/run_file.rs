#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| runstore_fuzz::run_file(data));
