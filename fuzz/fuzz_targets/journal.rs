//! See `broker_journal::fuzzing::journal`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| broker_journal::fuzzing::journal(bytes));
