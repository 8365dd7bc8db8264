//! See `kept_logs::fuzzing::kept_lines`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kept_logs::fuzzing::kept_lines(bytes));
