//! `check-merchant` as a developer calls it: what it prints, how it ends, and what it says to options that cannot be used.

use std::process::{Command, Output};

use salekit_sandbox::{Sandbox, SandboxConfig};
use serde_json::Value;

async fn check(arguments: &[&str]) -> Output {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let run = move || {
        Command::new(env!("CARGO_BIN_EXE_salekit-sandbox"))
            .arg("check-merchant")
            .args(arguments)
            .output()
            .unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exit_status_tells_the_result() {
    let ca = std::env::temp_dir().join(format!("conformance-{}-ca.pem", std::process::id()));
    let config = SandboxConfig::default().ca_file(ca.clone());
    let sandbox = Sandbox::start(config).await.unwrap();
    let (url, ca_file) = (sandbox.merchant_url().to_string(), ca.to_str().unwrap().to_owned());

    let good = check(&[&url, "--merchant-ca", &ca_file]).await;
    let said = String::from_utf8(good.stdout).unwrap();
    assert_eq!(good.status.code(), Some(0), "{said}");
    assert!(
        said.starts_with("passed   access_token\n") && said.contains(" 0 failed, 3 skipped"),
        "{said}"
    );

    let bad = check(&[&url, "--merchant-insecure", "--endpoint-id", "7", "--json"]).await;
    assert_eq!(bad.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(
        (&report["conforms"], &report["checks"][5]["result"]),
        (&false.into(), &"failed".into())
    );
    assert_eq!(report["checks"][5]["id"], "initiate.endpoint_id");

    let own = check(&[
        &url,
        "--merchant-ca",
        &ca_file,
        "--access-token",
        "0123456789abcdef0123456789abcdef",
        "--header",
        "Authorization: Bearer x",
        "--no-callbacks",
    ])
    .await;
    let said = String::from_utf8(own.stdout).unwrap();
    assert_eq!(own.status.code(), Some(1), "a token that the server did not issue");
    assert!(
        said.contains("skipped  access_token: an access token was given"),
        "{said}"
    );
    assert!(said.contains("FAILED   initiate  (initiate sale)"), "{said}");
    std::fs::remove_file(&ca).unwrap();
    sandbox.shutdown().await;
}

#[tokio::test]
async fn options_that_cannot_be_used_are_named_with_what_to_do() {
    let not_pem = std::env::temp_dir().join(format!("conformance-{}-not.pem", std::process::id()));
    std::fs::write(&not_pem, "-----BEGIN PRIVATE KEY-----").unwrap();
    let not_pem = not_pem.to_str().unwrap().to_owned();
    for (arguments, why) in [
        (vec!["shop.example"], "write it in full"),
        (vec!["http://shop.example"], "plain http is only for this machine"),
        (
            vec!["https://shop.example", "--merchant-insecure"],
            "--merchant-insecure https://shop.example/: an unchecked certificate is only for this machine",
        ),
        (
            vec!["https://127.0.0.1:1", "--merchant-ca", "/nowhere/ca.pem"],
            "--merchant-ca /nowhere/ca.pem: cannot be read",
        ),
        (
            vec!["https://127.0.0.1:1", "--merchant-ca", &not_pem],
            "holds no certificate, but something else",
        ),
        (
            vec!["https://127.0.0.1:1", "--callback-url", "http://hooks.example/cb"],
            "--callback-url http://hooks.example/cb: plain http",
        ),
        (
            vec!["https://127.0.0.1:1", "--check-path", "/check"],
            "must name the invoice",
        ),
        (
            vec!["https://127.0.0.1:1", "--control-key", "xyz"],
            "the control key must be",
        ),
        (
            vec!["https://127.0.0.1:1", "--endpoint-id", "a"],
            "the endpoint id must be",
        ),
        (
            vec!["https://127.0.0.1:1", "--currency", "euro"],
            "three capital letters",
        ),
        (
            vec!["https://127.0.0.1:1", "--header", "x"],
            "name and value with a colon",
        ),
    ] {
        let output = check(&arguments).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why), "{why}: {said}");
    }
    std::fs::remove_file(&not_pem).unwrap();
}
