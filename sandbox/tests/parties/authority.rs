//! The authority in a folder: a client that trusts it once trusts every later run, and what cannot be used is named.

use std::path::PathBuf;

use salekit_sandbox::{Sandbox, SandboxConfig};

use crate::app::{Got, trusting};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("authority-{}-{name}", std::process::id()));
        Self(path)
    }

    async fn start(&self) -> Result<Sandbox, salekit_sandbox::SandboxError> {
        Sandbox::start(SandboxConfig::default().authority_folder(self.0.clone())).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_device_that_trusted_one_run_trusts_the_next() {
    let folder = Folder::new("twice");
    let first = folder.start().await.unwrap();
    let device = trusting(first.ca_pem());
    let pem = first.ca_pem().to_owned();
    first.shutdown().await;
    let second = folder.start().await.unwrap();
    assert_eq!(second.ca_pem(), pem);
    for server in [second.gateway_url(), second.merchant_url()] {
        let served = device.get(server.join("/ca.pem").unwrap()).send().await.unwrap();
        assert_eq!(
            (served.status().as_u16(), served.text().await.unwrap()),
            (200, pem.clone())
        );
    }
    let token = second.merchant_url().join("auth/request-access-token").unwrap();
    let got = Got::read(device.get(token).send().await.unwrap()).await;
    assert_eq!(got.status, 200);
    second.shutdown().await;

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = std::fs::metadata(folder.0.join("sandbox-ca-key.pem")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
    let other = Folder::new("other").start().await.unwrap();
    assert_ne!(other.ca_pem(), pem);
    other.shutdown().await;
}

#[tokio::test]
async fn files_that_do_not_fit_are_named_with_what_to_do() {
    let (folder, other) = (Folder::new("one"), Folder::new("another"));
    for folder in [&folder, &other] {
        folder.start().await.unwrap().shutdown().await;
    }
    let file = |name: &str| folder.0.join(name);
    let refused = async |why: &str| {
        let error = folder.start().await.unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("new authority"), "{error}");
    };
    std::fs::copy(other.0.join("sandbox-ca-key.pem"), file("sandbox-ca-key.pem")).unwrap();
    refused("do not belong together").await;
    std::fs::write(file("sandbox-ca-key.pem"), "no key").unwrap();
    refused("sandbox-ca-key.pem is no private key").await;
    std::fs::remove_file(file("sandbox-ca-key.pem")).unwrap();
    refused("sandbox-ca-key.pem is missing").await;
    std::fs::remove_file(file("sandbox-ca.pem")).unwrap();
    folder.start().await.unwrap().shutdown().await;
}
