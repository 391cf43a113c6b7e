//! A test that has a process for itself, because it looks at what belongs to the whole process: its memory, its threads,
//! its log.

use std::{any, env, process::Command};

/// The variable that names the test to the process that was started for it.
const OWN_PROCESS: &str = "SALEKIT_TEST_IN_OWN_PROCESS";

/// Starts this test program again for the test that calls this, and runs `work` there.
///
/// # Panics
/// With what the other process printed, if the test failed in it.
pub fn in_own_process<F: FnOnce()>(work: F) {
    // A closure's type has the path of its function, which is the test's name below the name of the program.
    let path = any::type_name::<F>().trim_end_matches("::{{closure}}");
    let (_, test) = path.split_once("::").expect("a test in a module");
    if env::var(OWN_PROCESS).is_ok_and(|own| own == test) {
        return work();
    }
    let mut program = Command::new(env::current_exe().unwrap());
    let ran = program.args([test, "--exact"]).env(OWN_PROCESS, test).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && said.contains("1 passed"),
        "{test}: {said}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}
