//! A server that breaks off, in place of a Vestibule that does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

/// What becomes of a connection after a request has arrived.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    /// It is reset.
    Reset,
    /// It is closed after these bytes.
    Answer(&'static str),
}

/// All faults.
pub(super) const FAULTS: [Fault; 7] = [
    Fault::Reset,
    Fault::Answer(""),
    Fault::Answer("nonsense\r\n\r\n"),
    Fault::Answer("HTTP/1.1 200 OK\r\nContent-Ty"),
    Fault::Answer("HTTP/1.1 200 OK\r\nno header\r\n\r\nx"),
    Fault::Answer("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc"),
    Fault::Answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
];

/// The header that chooses a fault by its index.
pub(super) const FAULT: &str = "x-fault";

/// The server. It runs until the test process ends.
pub(super) struct FaultyUpstream {
    addr: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl FaultyUpstream {
    pub(super) fn new(listener: TcpListener) -> Self {
        let addr = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serve(stream, &count);
            }
        });
        Self { addr, requests }
    }

    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the number of requests that have arrived.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, requests: &AtomicUsize) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let Some(fault) = fault_in(&mut stream) else { return };
    requests.fetch_add(1, Ordering::SeqCst);
    match fault {
        Fault::Reset => {
            let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
        Fault::Answer(text) => {
            let _ = stream.write_all(text.as_bytes());
        }
    }
}

/// Reads a request up to the header that chooses the fault; `None` if it has no such header.
fn fault_in(stream: &mut TcpStream) -> Option<Fault> {
    let (mut head, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut chunk).ok().filter(|&read| read > 0)?;
        head.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
        let value = text.split_once(&format!("{FAULT}: ")).and_then(|(_, rest)| rest.split_once("\r\n"));
        if let Some((index, _)) = value {
            return FAULTS.get(index.parse::<usize>().ok()?).copied();
        }
        if text.contains("\r\n\r\n") {
            return None;
        }
    }
}
