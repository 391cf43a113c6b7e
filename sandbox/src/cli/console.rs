//! What a running server prints: what to try, then every observation on a line, until Ctrl-C.

use std::{io, path::Path};

use salekit_sandbox::{Direction, Observation, Party, SECURITY_CODES, Totals};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Prints the security codes and what they do.
pub(crate) fn print_codes() {
    println!(
        "\nAny valid card number, for example 4111 1111 1111 1111 with a date to come. The security code decides:"
    );
    for (code, outcome) in SECURITY_CODES {
        println!("  {code:<10} {outcome}");
    }
    println!("\nCtrl-C ends.\n");
}

/// Says where the certificate to trust is.
pub(crate) fn print_certificate(file: Option<&Path>) {
    match file {
        Some(file) => println!("trust     {}", file.display()),
        None => println!("trust     a certificate authority made just now; write it with --ca-file"),
    }
}

/// Says what a proxy has broken.
pub(crate) fn print_faults(name: &str, totals: &Totals) {
    println!(
        "\n{name}: {} connections, {} requests",
        totals.connections, totals.exchanges
    );
    for (fault, count) in &totals.faults {
        println!("  {count:>6}  {fault}");
    }
}

/// Prints observations until Ctrl-C.
pub(crate) async fn follow(mut observations: Receiver<Observation>) -> io::Result<()> {
    loop {
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => return pressed,
            next = observations.recv() => match next {
                Ok(observation) => println!("{}", line(&observation)),
                Err(RecvError::Lagged(missed)) => println!("… {missed} more"),
                Err(RecvError::Closed) => return Ok(()),
            },
        }
    }
}

fn line(observation: &Observation) -> String {
    let Observation {
        invoice_id,
        step,
        from,
        to,
        message,
        direction,
        detail,
        ..
    } = observation;
    let step = step.map_or_else(String::new, |step| step.to_string());
    let invoice = invoice_id.as_deref().and_then(|id| id.get(..8)).unwrap_or("-");
    let (from, to) = (name(*from), name(*to));
    let kind = match direction {
        Direction::Request => "request",
        Direction::Response => "answer",
        Direction::Internal => "",
    };
    format!("{step:>2}  {invoice:<8}  {from:>8} → {to:<8}  {message} {kind}  {detail}")
        .trim_end()
        .to_owned()
}

fn name(party: Party) -> &'static str {
    match party {
        Party::Consumer => "consumer",
        Party::App => "app",
        Party::Shop => "shop",
        Party::Gateway => "gateway",
    }
}
