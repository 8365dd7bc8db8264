//! See `exposition::fuzzing::exposition`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exposition::fuzzing::exposition(bytes));
