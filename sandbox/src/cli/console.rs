//! What a running server prints: what to try, then every observation on a line, until Ctrl-C.

use std::{
    fmt::Display,
    io::{self, Write as _},
    path::Path,
};

use salekit_sandbox::{Direction, Inspector, Observation, Party, SECURITY_CODES, Totals};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Prints a line. A reader that went away is an error, not a panic.
pub(crate) fn say(line: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// Prints the security codes and what they do.
pub(crate) fn print_codes() -> io::Result<()> {
    say("\nAny valid card number, for example 4111 1111 1111 1111 with a date to come. The security code decides:")?;
    for (code, outcome) in SECURITY_CODES {
        say(format_args!("  {code:<10} {outcome}"))?;
    }
    say("\nCtrl-C ends.\n")
}

/// Says where the inspector is, if there is one.
pub(crate) fn print_inspector(inspector: Option<&Inspector>) -> io::Result<()> {
    match inspector {
        Some(inspector) => say(format_args!("inspect   {}", inspector.url())),
        None => Ok(()),
    }
}

/// Says where the certificate to trust is.
pub(crate) fn print_certificate(file: Option<&Path>) -> io::Result<()> {
    match file {
        Some(file) => say(format_args!("trust     {}", file.display())),
        None => say("trust     /ca.pem of either server; --ca-file writes it to a file"),
    }
}

/// Says what a proxy has broken.
pub(crate) fn print_faults(name: &str, totals: &Totals) -> io::Result<()> {
    say(format_args!(
        "\n{name}: {} connections, {} requests",
        totals.connections, totals.exchanges
    ))?;
    for (fault, count) in &totals.faults {
        say(format_args!("  {count:>6}  {fault}"))?;
    }
    Ok(())
}

/// Prints observations until Ctrl-C.
pub(crate) async fn follow(mut observations: Receiver<Observation>) -> io::Result<()> {
    loop {
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => return pressed,
            next = observations.recv() => match next {
                Ok(observation) => say(line(&observation))?,
                Err(RecvError::Lagged(missed)) => say(format_args!("… {missed} more"))?,
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

/// A party's name.
pub(crate) const fn name(party: Party) -> &'static str {
    match party {
        Party::Consumer => "consumer",
        Party::App => "app",
        Party::Merchant => "merchant",
        Party::Gateway => "gateway",
    }
}
