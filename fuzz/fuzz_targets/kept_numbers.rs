//! See `history::fuzzing::kept_numbers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| history::fuzzing::kept_numbers(bytes));
