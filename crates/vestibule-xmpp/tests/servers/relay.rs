//! A relay that breaks a connection during the registration request.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    thread,
};

/// The part of the first registration that is lost. Later ones pass.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lost {
    /// The request.
    Request,
    /// The answer, after the server has created the account.
    Answer,
}

/// Text that identifies a registration request.
const REQUEST: &str = "jabber:iq:register";

/// Text that identifies the answer to it.
const ANSWER: &str = "vestibule-2";

/// Starts a relay for any number of connections. Its thread ends with the test process.
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

/// Forwards data up to the lost text, then closes both sides.
fn pass(mut from: TcpStream, mut to: TcpStream, until: Option<&str>) {
    let (mut chunk, mut seen) = ([0; 4096], String::new());
    while let Ok(read @ 1..) = from.read(&mut chunk) {
        seen.push_str(&String::from_utf8_lossy(&chunk[..read]));
        if until.is_some_and(|text| seen.contains(text)) || to.write_all(&chunk[..read]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
