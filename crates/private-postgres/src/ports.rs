//! Ports for daemons that must be told theirs.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
};

const LOWEST: u16 = 12_000;
const COUNT: u16 = 20_000;

/// A TCP port on 127.0.0.1 that nobody listens on.
///
/// It lies below those that Linux gives to whoever asks for any port, as tests do all the time: none of them comes in
/// between this look and its use. No two calls in a process get the same one, and processes begin far from each other.
///
/// # Errors
/// When none is free.
pub fn free_port() -> io::Result<u16> {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    for _ in 0..COUNT {
        let step = first.wrapping_add(ASKED.fetch_add(1, Ordering::Relaxed)) % u32::from(COUNT);
        let port = LOWEST + u16::try_from(step).unwrap_or_default();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::Error::other("no port is free"))
}
