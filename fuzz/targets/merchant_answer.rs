//! libFuzzer's door to the harness of the same name.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| salekit_fuzz::merchant_answer(data));
