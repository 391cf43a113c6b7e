//! A hostile gateway and a hostile merchant's server: whatever they answer, only the sale's own file changes, no other
//! host is asked, nothing grows without limit, and only plain https addresses reach the browser.

mod bounds;
mod browser;
mod ids;
mod peers;
mod repeats;
#[cfg(feature = "https")]
mod sockets;
