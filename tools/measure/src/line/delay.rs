//! Carries packets from one TUN device to another, each a fixed time after it came.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Instant,
};

use tokio::runtime::Handle;
use tokio_tun::Tun;

use super::ONE_WAY;

/// Longer than any packet: the devices' MTU is 1,500 bytes.
const LONGEST_PACKET: usize = 2_048;

/// A packet and when it is due at the other end.
struct Held {
    due: Instant,
    packet: Vec<u8>,
}

/// Carries packets both ways until the process ends or a device is closed.
pub(super) fn join(one: Tun, other: Tun) -> io::Result<()> {
    let (one, other) = (Arc::new(one), Arc::new(other));
    carry(Arc::clone(&one), Arc::clone(&other))?;
    carry(other, one)
}

fn carry(from: Arc<Tun>, to: Arc<Tun>) -> io::Result<()> {
    let (sender, held) = mpsc::channel();
    let runtime = Handle::current();
    tokio::spawn(receive(from, sender));
    // A thread's sleep is good to a tenth of a millisecond, a timer of the runtime to one or two.
    thread::Builder::new().spawn(move || send(&to, &held, &runtime))?;
    Ok(())
}

async fn receive(from: Arc<Tun>, held: Sender<Held>) {
    let mut buffer = [0; LONGEST_PACKET];
    while let Ok(length) = from.recv(&mut buffer).await {
        let packet = Held {
            due: Instant::now() + ONE_WAY,
            packet: buffer[..length].to_vec(),
        };
        if held.send(packet).is_err() {
            return;
        }
    }
}

fn send(to: &Tun, held: &Receiver<Held>, runtime: &Handle) {
    // All are held back equally long, so they are due in the order in which they came.
    while let Ok(Held { due, packet }) = held.recv() {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        // A packet that is lost is sent again by TCP, as on any wire.
        let _ = runtime.block_on(to.send(&packet));
    }
}
