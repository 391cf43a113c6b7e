//! The binary: every command that serves runs an inspector unless it is switched off, behind faults too.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::eye::Eye;

/// A running command, what it printed at start, and its end of the line.
struct Running {
    child: Child,
    lines: Vec<String>,
    /// Kept open: the server stops when nobody reads it.
    _printed: BufReader<std::process::ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_salekit-sandbox"));
    let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        assert!(printed.read_line(&mut line).unwrap() > 0, "it ended: {lines:?}");
        if line.starts_with("Ctrl-C") {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    Running {
        child,
        lines,
        _printed: printed,
    }
}

impl Running {
    fn inspector(&self) -> Option<&str> {
        self.lines.iter().find_map(|line| line.strip_prefix("inspect   "))
    }
}

const PORTS: [&str; 4] = ["--gateway-port", "0", "--merchant-port", "0"];

#[tokio::test]
async fn every_command_that_serves_has_one() {
    let serve: Vec<&str> = ["serve"].into_iter().chain(PORTS).collect();
    let chaos: Vec<&str> = serve
        .iter()
        .copied()
        .chain(["--chaos", "7", "--control", "--inspect", "0"])
        .collect();
    for (arguments, has_gateway) in [
        (&serve[..], true),
        (&chaos, true),
        (
            &[
                "gateway",
                "--port",
                "0",
                "--merchant-url",
                "https://127.0.0.1:1/",
                "--inspect",
                "0",
            ],
            true,
        ),
        (
            &[
                "merchant",
                "--port",
                "0",
                "--gateway-url",
                "https://127.0.0.1:1/",
                "--inspect",
                "0",
            ],
            false,
        ),
    ] {
        let running = run(arguments);
        let base = running.inspector().unwrap();
        let mut eye = Eye::after(base, None).await;
        let (_, state) = eye.get("/api/state").await;
        assert_eq!(state["has_gateway"], has_gateway, "{arguments:?}");
        // Behind proxies, an app needs their addresses.
        let gateway = running.lines.iter().find_map(|line| line.strip_prefix("gateway   "));
        assert!(gateway.is_none_or(|gateway| gateway.starts_with(state["gateway_url"].as_str().unwrap())));
    }
    let silent: Vec<&str> = serve.iter().copied().chain(["--no-inspect"]).collect();
    assert_eq!(run(&silent).inspector(), None);
}

#[tokio::test]
async fn the_demonstration_can_be_looked_at_when_it_is_over() {
    let running = run(&["demo", "--inspect", "0"]);
    let mut eye = Eye::after(running.inspector().unwrap(), None).await;
    let (_, sales) = eye.get("/api/sales").await;
    let states: Vec<&Value> = sales["sales"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sale| &sale["state"])
        .collect();
    assert_eq!(
        json!(states),
        json!(["approved", "approved", "declined", "approved", "processing"])
    );
}
