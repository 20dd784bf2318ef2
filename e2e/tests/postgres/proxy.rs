//! A proxy between a node and its database that simulates a network fault.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Forwards connections to another port, or drops their bytes.
pub(crate) struct Proxy {
    port: u16,
    split: Arc<AtomicBool>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    pub(crate) fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let split = Arc::new(AtomicBool::new(false));
        let streams = Arc::new(Mutex::new(Vec::new()));
        let proxy = Self { port, split: Arc::clone(&split), streams: Arc::clone(&streams) };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let mut streams = streams.lock().unwrap();
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let split = Arc::clone(&split);
                    thread::spawn(move || pass(from, to, &split));
                }
                streams.push(client);
                streams.push(server);
            }
        });
        proxy
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Drops all bytes from now on, without closing connections.
    pub(crate) fn split(&self) {
        self.split.store(true, Ordering::SeqCst);
    }

    /// Forwards new connections again, and closes the old ones, which have lost bytes.
    pub(crate) fn heal(&self) {
        let old = std::mem::take(&mut *self.streams.lock().unwrap());
        self.split.store(false, Ordering::SeqCst);
        for stream in old {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, split: &AtomicBool) {
    let mut bytes = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if !split.load(Ordering::SeqCst) && to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    if !split.load(Ordering::SeqCst) {
        let _ = to.shutdown(Shutdown::Both);
    }
}
