//! A server that breaks off, in place of a Vestibule that does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
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

/// The server. It runs until the test process ends.
pub(super) struct FaultyUpstream {
    addr: SocketAddr,
    fault: Arc<Mutex<Fault>>,
    requests: Arc<AtomicUsize>,
}

impl FaultyUpstream {
    pub(super) fn new(listener: TcpListener) -> Self {
        let addr = listener.local_addr().unwrap();
        let (fault, requests) = (Arc::new(Mutex::new(Fault::Reset)), Arc::new(AtomicUsize::new(0)));
        let (current, count) = (Arc::clone(&fault), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let fault = *current.lock().unwrap();
                serve(stream, fault, &count);
            }
        });
        Self { addr, fault, requests }
    }

    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(super) fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    /// Returns the number of requests that have arrived.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, fault: Fault, requests: &AtomicUsize) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    if !matches!(stream.read(&mut [0; 65536]), Ok(1..)) {
        return;
    }
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
