//! `sale` as a script calls it: by its exit status and its JSON, whatever happens.

use std::process::{Command, Output};

use salekit_sandbox::{Sandbox, SandboxConfig};
use serde_json::Value;

async fn sale(arguments: &[&str]) -> Output {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let run = move || {
        Command::new(env!("CARGO_BIN_EXE_salekit-sandbox"))
            .args(["sale", "--json"])
            .args(arguments)
            .output()
            .unwrap()
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

#[tokio::test]
async fn what_is_expected_decides_the_exit_status() {
    for (expected, status) in [("declined", 0), ("approved", 1)] {
        let output = sale(&["--security-code", "116", "--expect", expected]).await;
        let told = json(&output);
        assert_eq!(output.status.code(), Some(status), "{told}");
        assert_eq!(
            (&told["outcome"], &told["expected"]),
            (&"declined".into(), &expected.into())
        );
        assert_eq!(told["is_expected"], status == 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_servers_of_ones_own_requests_are_counted_and_told_and_paths_are_options() {
    let ca = std::env::temp_dir().join(format!("sale-{}-ca.pem", std::process::id()));
    let sandbox = Sandbox::start(SandboxConfig::default().immediate().ca_file(ca.clone()))
        .await
        .unwrap();
    let (gateway, merchant) = (sandbox.gateway_url().to_string(), sandbox.merchant_url().to_string());
    let servers = [
        "--gateway-url",
        &gateway,
        "--merchant-url",
        &merchant,
        "--ca-file",
        ca.to_str().unwrap(),
        "--verbose",
    ];
    let with = |more: &[&'static str]| [&servers[..], more].concat();
    let output = sale(&with(&["--security-code", "321", "--cardholder", "mistypes-once"])).await;
    let told = json(&output);
    assert_eq!(told["outcome"], "approved", "{told}");
    let verbose = String::from_utf8(output.stderr).unwrap();
    let lines = verbose.lines().filter(|line| line.contains("  HTTP 200, ")).count();
    assert!(told["requests"].as_u64().unwrap() >= 4, "{told}");
    assert_eq!(told["requests"], lines, "{verbose}");
    assert!(
        verbose.contains(&format!("POST {gateway}/dapi/v1/sale/1144/")),
        "{verbose}"
    );
    assert!(!verbose.contains("41111111") && !verbose.contains("LOVELACE"));

    let elsewhere = sale(&with(&["--initiate-path", "/begin", "--expect", "not_charged"])).await;
    let verbose = String::from_utf8(elsewhere.stderr).unwrap();
    assert_eq!(elsewhere.status.code(), Some(0), "{verbose}");
    assert!(
        verbose.contains(&format!("POST {merchant}begin  HTTP 404, ")),
        "{verbose}"
    );

    // The sandbox's merchant looks whether the app that asks is the order's.
    let own = "X-Device-Serial-Number: demo-device-0001";
    let logged_in = sale(&with(&["--header", own, "--header", "X-User: ada"])).await;
    assert_eq!(json(&logged_in)["outcome"], "approved");
    let another = sale(&with(&["--header", "X-Device-Serial-Number: another"])).await;
    assert_eq!(json(&another)["reason"], "access_token_refused");
    let reserved = sale(&with(&["--header", "Host: shop.example"])).await;
    assert_eq!(reserved.status.code(), Some(2));
    assert_eq!(json(&reserved)["error"]["field"], "merchantHeaders.name");

    let without = sale(&with(&[
        "--stored-card-path",
        "none",
        "--cardholder",
        "mistypes",
        "--security-code",
        "325",
    ]))
    .await;
    assert_eq!(json(&without)["outcome"], "declined");
    assert!(!String::from_utf8(without.stderr).unwrap().contains("stored-card"));
    std::fs::remove_file(&ca).unwrap();
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_error_is_json_too() {
    for (arguments, status, why) in [
        (&["--security-code", "x"][..], 2, "securityCode"),
        (
            &[
                "--gateway-url",
                "http://shop.example",
                "--merchant-url",
                "https://shop.example",
            ],
            2,
            "gatewayUrl",
        ),
        (
            &[
                "--gateway-url",
                "https://shop.example",
                "--merchant-url",
                "https://shop.example",
                "--ca-file",
                "/nowhere.pem",
            ],
            1,
            "--ca-file /nowhere.pem: cannot be read",
        ),
        (
            &["--expect", "paid"],
            2,
            "invalid value 'paid' for '--expect <OUTCOME>'",
        ),
        (&["--initiate-path", "begin"], 2, "a path begins with /"),
        (&["--no-such-option"], 2, "unexpected argument '--no-such-option'"),
    ] {
        let output = sale(arguments).await;
        let told = json(&output)["error"].to_string();
        assert_eq!(output.status.code(), Some(status), "{told}");
        assert!(told.contains(why), "{why}: {told}");
    }
}
