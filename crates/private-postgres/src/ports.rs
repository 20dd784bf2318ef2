//! Ports for daemons that cannot choose their own.

use std::{
    io,
    net::{Ipv4Addr, SocketAddrV4},
    sync::atomic::{AtomicU32, Ordering},
};

use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, socket_with, sockopt::set_socket_reuseaddr};

const LOWEST: u16 = 12_000;
const COUNT: u16 = 20_000;

/// Returns an unused TCP port on 127.0.0.1.
///
/// It is below Linux's ephemeral ports, which tests use all the time, so none of these takes it before its use. No two
/// calls in a process return the same port, and processes begin at distant ports.
///
/// # Errors
/// If none is free.
pub fn free_port() -> io::Result<u16> {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    for _ in 0..COUNT {
        let step = first.wrapping_add(ASKED.fetch_add(1, Ordering::Relaxed)) % u32::from(COUNT);
        let port = LOWEST + u16::try_from(step).unwrap_or_default();
        if is_free(port)? {
            return Ok(port);
        }
    }
    Err(io::Error::other("no port is free"))
}

/// Binds the port without listening: a child that another thread starts meanwhile inherits the socket until its
/// `exec`, and a connection to a listening copy would be taken for the daemon.
fn is_free(port: u16) -> io::Result<bool> {
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    set_socket_reuseaddr(&socket, true)?;
    Ok(bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)).is_ok())
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_tried_port_accepts_no_connections() {
        let port = free_port().unwrap();
        let trying = std::thread::spawn(move || (0..1_000).all(|_| is_free(port).unwrap()));
        while !trying.is_finished() {
            assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        }
        assert!(trying.join().unwrap());
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()).unwrap());
    }
}
