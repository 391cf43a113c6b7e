//! Who may ask: nobody but this machine, and nobody by way of another site's page.

use reqwest::Method;
use serde_json::json;

use super::eye::start;

#[tokio::test]
async fn strangers_are_refused_and_pages_may_load_nothing_else() {
    let (app, eye) = start(Default::default()).await;
    let ask = |method: Method, path: &str, headers: &[(&'static str, &'static str)]| {
        let mut asking = eye.http.request(method, format!("{}{path}", eye.base));
        for (name, value) in headers {
            asking = asking.header(*name, *value);
        }
        asking.send()
    };
    for headers in [
        &[("host", "rebound.example")][..],
        &[("host", "127.0.0.1.rebound.example:80")],
        &[("origin", "https://other.example")],
        &[("origin", "null")],
    ] {
        for path in ["", "api/sales", "events", "ca.pem"] {
            let answer = ask(Method::GET, path, headers).await.unwrap();
            assert_eq!(answer.status(), 403, "{path} {headers:?}");
        }
    }
    for (method, path) in [
        (Method::POST, "api/clear"),
        (Method::DELETE, "api/scripts/x"),
        (Method::PUT, "api/clear"),
    ] {
        let answer = ask(method, path, &[]).await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
        assert!(answer.text().await.unwrap().contains("x-salekit-inspector"));
    }
    for host in ["localhost", "[::1]:80", "127.0.0.1"] {
        let own = ask(Method::GET, "", &[("host", host)]).await.unwrap();
        assert_eq!(own.status(), 200);
        let policy = own.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(own.headers()["x-content-type-options"], "nosniff");
        assert!(!own.headers().contains_key("access-control-allow-origin"));
    }
    app.sandbox.shutdown().await;
}

#[tokio::test]
async fn it_answers_on_loopback_whatever_the_servers_listen_on() {
    let config = salekit_sandbox::SandboxConfig::default().listen([0, 0, 0, 0]);
    let (app, mut eye) = start(config).await;
    assert!(eye.base.starts_with("http://127.0.0.1:"));
    let (status, _) = eye.post("/api/faults", &json!({"on": true})).await;
    assert_eq!(status, 204);
    app.sandbox.shutdown().await;
}
