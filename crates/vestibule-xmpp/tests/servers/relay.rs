//! A relay before the server that loses a connection at the moment that matters.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

/// What is lost of the first registration; all that comes later passes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lost {
    /// The request.
    Request,
    /// The answer. The server has done its work then.
    Answer,
}

/// By this a registration is known.
const REQUEST: &str = "jabber:iq:register";

/// By this the answer to a registration is known.
const ANSWER: &str = "vestibule-2";

/// Starts one for as many connections as come; its thread ends with the test program.
pub(crate) fn relay(server: SocketAddr, lost: Lost) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (at, client) in listener.incoming().enumerate() {
            let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
            let lost = (at == 0).then_some(lost);
            let (request, answer) = match lost {
                Some(Lost::Request) => (Some(REQUEST), None),
                Some(Lost::Answer) => (None, Some(ANSWER)),
                None => (None, None),
            };
            let up = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || pass(up.0, up.1, request));
            thread::spawn(move || pass(server, client, answer));
        }
    });
    address
}

/// Passes on what comes, until it is what gets lost; then both sides are hung up.
fn pass(mut from: TcpStream, mut to: TcpStream, until: Option<&str>) {
    let (mut chunk, mut seen) = ([0; 4096], String::new());
    while let Ok(read @ 1..) = from.read(&mut chunk) {
        seen.push_str(&String::from_utf8_lossy(&chunk[..read]));
        if until.is_some_and(|words| seen.contains(words)) || to.write_all(&chunk[..read]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
