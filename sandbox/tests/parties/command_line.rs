//! The binary: what it prints is enough to use it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use crate::app::trusting;

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_salekit-sandbox"))
}

#[tokio::test]
async fn serve_prints_where_it_answers_and_writes_what_to_trust() {
    let file = std::env::temp_dir().join(format!("sandbox-{}-ca.pem", std::process::id()));
    let mut child = command()
        .args([
            "serve",
            "--gateway-port",
            "0",
            "--merchant-port",
            "0",
            "--base-path",
            "/payment",
            "--repeated-perform",
            "409:FILTERED",
            "--check-sale",
            "25",
            "--token-extension",
            "off",
            "--ca-file",
        ])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open to the end: the server stops when nobody reads it.
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<String> = printed
        .by_ref()
        .map_while(Result::ok)
        .take_while(|line| !line.starts_with("Ctrl-C"))
        .collect();
    let value = |name: &str| {
        lines
            .iter()
            .find_map(|line| line.strip_prefix(name))
            .unwrap()
            .trim()
            .to_owned()
    };
    let http = trusting(&std::fs::read_to_string(value("trust")).unwrap());
    let token = http
        .get(format!("{}auth/request-access-token", value("merchant")))
        .send()
        .await
        .unwrap();
    let off = http
        .post(format!("{}sale/1/session-token", value("merchant")))
        .send()
        .await
        .unwrap();
    let off = off.text().await.unwrap();
    let nowhere = http.get(format!("{}/nowhere", value("gateway"))).send().await.unwrap();
    let followed = printed
        .map_while(Result::ok)
        .any(|line| line.contains("app → merchant") && line.contains("access token"));
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!((token.status().as_u16(), nowhere.status().as_u16()), (200, 404));
    assert!(followed);
    assert!(off.contains("no such path"), "{off}");
    assert!(value("gateway").ends_with("/payment"));
    assert!(lines.iter().any(|line| line.trim().starts_with("321")), "{lines:?}");
}

#[test]
fn what_cannot_start_says_why() {
    for (wrong, why) in [
        ("--control-key=xyz", "the control key must be"),
        ("--endpoint-id=a", "the endpoint id must be"),
    ] {
        let output = command()
            .args(["serve", "--gateway-port", "0", "--merchant-port", "0", wrong])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(&format!("error: {why}")), "{said}");
    }
}

#[test]
fn a_wrong_habit_is_refused_with_the_right_ones() {
    for (wrong, why) in [
        (
            "--repeated-perform=409",
            "replay, or status and cause: 409:INVALID_REQUEST",
        ),
        (
            "--repeated-perform=x:FILTERED",
            "replay, or status and cause: 409:INVALID_REQUEST",
        ),
        (
            "--check-sale=later",
            "after-answer, before-answer, never or milliseconds",
        ),
        ("--token-extension=on", "possible values: with-void, tokens-only, off"),
    ] {
        let output = command().args(["serve", wrong]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(why), "{said}");
    }
}
