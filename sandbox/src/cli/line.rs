//! The command line: reads it, and runs its command in a runtime.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use super::{check_merchant, console, demo, failure::report, gateway, merchant, sale, serve};

const EXAMPLES: &str = "\
Examples:
  salekit-sandbox
      five sales against an embedded sandbox, told step by step
  salekit-sandbox sale --amount 10.50 --currency EUR --security-code 116 --json
      one sale, its outcome as JSON; the security code decides how it ends
  salekit-sandbox sale --security-code 321 --browser
      one sale with 3-D Secure, for a person in front of a browser
  salekit-sandbox serve
      gateway and merchant on ports 8443 and 8444, until Ctrl-C
  salekit-sandbox serve --ca-file ca.pem --processing-delay 0
      with the certificate to trust in a file, and no waits
  salekit-sandbox serve --chaos 7
      behind proxies that break connections, requests and answers; 7 is the seed
  salekit-sandbox demo --inspect
      the five sales, to be looked at in a browser until Ctrl-C
  salekit-sandbox serve --listen 0.0.0.0 --host-name 10.0.2.2
      for an app in an Android emulator
  salekit-sandbox gateway --merchant-url https://127.0.0.1:9000/ --merchant-ca merchant.pem
      only the gateway, against a merchant's server of your own
  salekit-sandbox check-merchant http://127.0.0.1:9000 --control-key KEY --endpoint-id 1144
      is a merchant's server of your own right? says what it does wrong
  salekit-sandbox merchant --gateway-url https://sandbox.example.com/paynet --control-key KEY
      only the merchant's server, for a gateway of somebody else's";

/// The other parties of a Mobile Device API sale: gateway, 3-D Secure page, merchant's server.
#[derive(Parser)]
#[command(name = "salekit-sandbox", version, after_help = EXAMPLES)]
struct Line {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make five sales against an embedded sandbox; the default.
    Demo(demo::Demo),
    /// Make one sale.
    Sale(sale::MakeSale),
    /// Run gateway and merchant until Ctrl-C.
    Serve(serve::Serve),
    /// Run only the gateway, against a merchant's server of your own.
    Gateway(gateway::RunGateway),
    /// Check a merchant's server of your own, and say what it does wrong.
    CheckMerchant(check_merchant::CheckMerchant),
    /// Run only the merchant's server, for a gateway of somebody else's.
    Merchant(merchant::RunMerchant),
}

/// Reads the command line and runs its command.
pub(crate) fn run() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => return refuse(&error),
    };
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| {
            runtime.block_on(async {
                match line.command.unwrap_or(Command::Demo(demo::Demo::default())) {
                    Command::Demo(demo) => demo.run().await,
                    Command::Sale(sale) => sale.run().await,
                    Command::Serve(serve) => serve.run().await.map(|()| ExitCode::SUCCESS),
                    Command::Gateway(gateway) => gateway.run().await.map(|()| ExitCode::SUCCESS),
                    Command::CheckMerchant(check) => check.run().await,
                    Command::Merchant(merchant) => merchant.run().await.map(|()| ExitCode::SUCCESS),
                }
            })
        });
    match done {
        Ok(code) => code,
        Err(error) => {
            report(error.as_ref());
            ExitCode::FAILURE
        }
    }
}

/// A line that cannot be read, or a question for help. Who asked for JSON gets it here too.
fn refuse(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args().any(|argument| argument == "--json") {
        let message = error.to_string();
        let first = message.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let _nobody_reads = console::say(serde_json::json!({"error": {"message": first}}));
    }
    let _nobody_reads = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
