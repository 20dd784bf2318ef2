//! A relay between Prosody and Vestibule that causes faults.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// The behaviour for a new connection.
#[derive(Debug, Clone)]
pub(crate) enum Mode {
    /// Forwards everything.
    To(SocketAddr),
    /// Reads a little, sends these bytes and closes.
    Says(Vec<u8>),
    /// Forwards the request, and drops the response.
    LosesAnswers(SocketAddr),
    /// Forwards requests, and closes at the completion of a claim.
    LosesCompletions(SocketAddr),
    /// Holds the first completion until a token was checked, and the response to that check until it is released.
    HoldsCheck(SocketAddr, Arc<HeldCheck>),
    /// Holds the response to a request until it is released.
    Holds(SocketAddr, Arc<Held>),
    /// Forwards one request and response, and closes after the next request.
    HangsUpOnSecond(SocketAddr),
    /// Forwards one request and response, and holds the next response until a third request. Other connections are
    /// forwarded.
    HoldsSecond(SocketAddr),
    /// Forwards requests with another key than this, and never answers those with it.
    HoldsKey(SocketAddr, String),
    /// Sends `Connection: close` with the first response, without closing.
    SaysClose(SocketAddr),
    /// Forwards requests, and sends each response twice.
    Repeats(SocketAddr),
}

/// A check of a token whose response is held, while a completion is sent before it and answered.
#[derive(Debug, Default)]
pub(crate) struct HeldCheck {
    completion_waits: Event,
    checked: Event,
    released: Event,
}

impl HeldCheck {
    /// Waits until a completion is held.
    pub(crate) fn wait_for_completion(&self) {
        self.completion_waits.wait();
    }

    /// Lets the response to the check pass.
    pub(crate) fn release(&self) {
        self.released.set();
    }

    fn answer(&self, question: &[u8], server: &mut TcpStream) -> Vec<u8> {
        match request_line(question) {
            line if line.contains("/complete ") => {
                self.completion_waits.set();
                self.checked.wait();
                answer_to(question, server)
            }
            line if line.contains("/redemptions/check ") && self.completion_waits.is_set() => {
                let answer = answer_to(question, server);
                self.checked.set();
                self.released.wait();
                answer
            }
            _ => answer_to(question, server),
        }
    }
}

/// A request whose response is held.
#[derive(Debug)]
pub(crate) struct Held {
    path: &'static str,
    answered: Event,
    released: Event,
}

impl Held {
    /// Holds the responses to requests for `path`, which ends with a space.
    pub(crate) fn new(path: &'static str) -> Self {
        Self { path, answered: Event::default(), released: Event::default() }
    }

    /// Waits until a response is held.
    pub(crate) fn wait(&self) {
        self.answered.wait();
    }

    /// Lets all responses pass.
    pub(crate) fn release(&self) {
        self.released.set();
    }

    fn answer(&self, question: &[u8], server: &mut TcpStream) -> Vec<u8> {
        let answer = answer_to(question, server);
        if request_line(question).contains(self.path) {
            self.answered.set();
            self.released.wait();
        }
        answer
    }
}

/// Happens once.
#[derive(Debug, Default)]
struct Event {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    fn set(&self) {
        *self.is_set.lock().unwrap() = true;
        self.changed.notify_all();
    }

    fn is_set(&self) -> bool {
        *self.is_set.lock().unwrap()
    }

    fn wait(&self) {
        drop(self.changed.wait_while(self.is_set.lock().unwrap(), |is_set| !*is_set));
    }
}

/// A relay on its own port. Its threads end with their connections, or with the test.
pub(crate) struct Relay {
    addr: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    mode: Mutex<Mode>,
    open: Mutex<Vec<TcpStream>>,
    /// The number of connections so far.
    count: AtomicUsize,
}

impl Relay {
    pub(crate) fn start(mode: Mode) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let shared =
            Arc::new(Shared { mode: Mutex::new(mode), open: Mutex::default(), count: AtomicUsize::new(0) });
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&theirs);
                thread::spawn(move || serve(client, &shared));
            }
        });
        Self { addr, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Changes the behaviour and cuts open connections.
    pub(crate) fn set(&self, mode: Mode) {
        *self.shared.mode.lock().unwrap() = mode;
        for stream in self.shared.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Returns the number of connections so far.
    pub(crate) fn count(&self) -> usize {
        self.shared.count.load(Ordering::SeqCst)
    }
}

fn serve(mut client: TcpStream, shared: &Shared) {
    shared.count.fetch_add(1, Ordering::SeqCst);
    let mode = shared.mode.lock().unwrap().clone();
    shared.open.lock().unwrap().push(client.try_clone().unwrap());
    match mode {
        Mode::To(addr) => pass_on(client, addr, true),
        Mode::LosesAnswers(addr) => pass_on(client, addr, false),
        Mode::LosesCompletions(addr) => answer_by(client, addr, |question, server| {
            let is_completion = request_line(question).contains("/complete ");
            if is_completion { Vec::new() } else { answer_to(question, server) }
        }),
        Mode::HoldsCheck(addr, held) => {
            answer_by(client, addr, |question, server| held.answer(question, server));
        }
        Mode::Holds(addr, held) => answer_by(client, addr, |question, server| held.answer(question, server)),
        Mode::HangsUpOnSecond(addr) => {
            let _ = exchange(&mut client, &mut TcpStream::connect(addr).unwrap(), 1);
            let _ = whole_message(&mut client);
            let _ = client.shutdown(Shutdown::Both);
        }
        Mode::HoldsSecond(addr) => {
            *shared.mode.lock().unwrap() = Mode::To(addr);
            let mut server = TcpStream::connect(addr).unwrap();
            let _ = exchange(&mut client, &mut server, 1);
            let held = answer_to(&whole_message(&mut client), &mut server);
            if !whole_message(&mut client).is_empty() {
                let _ = client.write_all(&held);
            }
        }
        Mode::HoldsKey(addr, key) => {
            let mut server = TcpStream::connect(addr).unwrap();
            loop {
                let question = whole_message(&mut client);
                if String::from_utf8_lossy(&question).contains(&key) {
                    let _ = std::io::copy(&mut client, &mut std::io::sink());
                    break;
                }
                let answer = answer_to(&question, &mut server);
                if answer.is_empty() || client.write_all(&answer).is_err() {
                    break;
                }
            }
            let _ = client.shutdown(Shutdown::Both);
        }
        Mode::SaysClose(addr) => {
            let question = whole_message(&mut client);
            let answer = answer_to(&question, &mut TcpStream::connect(addr).unwrap());
            let text = String::from_utf8_lossy(&answer).replacen("\r\n", "\r\nConnection: close\r\n", 1);
            let _ = client.write_all(text.as_bytes());
            let _ = std::io::copy(&mut client, &mut std::io::sink());
        }
        Mode::Repeats(addr) => {
            let mut server = TcpStream::connect(addr).unwrap();
            while exchange(&mut client, &mut server, 2) {}
        }
        Mode::Says(bytes) => {
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all(&bytes);
            let _ = client.shutdown(Shutdown::Write);
            // Closing with unread bytes would discard the response.
            let _ = std::io::copy(&mut client, &mut std::io::sink());
        }
    }
}

/// Answers each request with what `answer` returns, and closes once that is empty.
fn answer_by(mut client: TcpStream, addr: SocketAddr, answer: impl Fn(&[u8], &mut TcpStream) -> Vec<u8>) {
    let mut server = TcpStream::connect(addr).unwrap();
    loop {
        let answer = answer(&whole_message(&mut client), &mut server);
        if answer.is_empty() || client.write_all(&answer).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

fn pass_on(mut client: TcpStream, addr: SocketAddr, answers: bool) {
    let Ok(mut server) = TcpStream::connect(addr) else {
        let _ = client.shutdown(Shutdown::Both);
        return;
    };
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let back = thread::spawn(move || {
        if answers {
            let _ = std::io::copy(&mut from_server, &mut to_client);
        } else {
            // The response is complete: the request was processed.
            let _ = from_server.read(&mut [0; 4096]);
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let _ = std::io::copy(&mut client, &mut server);
    let _ = server.shutdown(Shutdown::Both);
    let _ = back.join();
}

/// Forwards one request, and sends its response `times` times. Returns whether there was a request.
fn exchange(client: &mut TcpStream, server: &mut TcpStream, times: usize) -> bool {
    let answer = answer_to(&whole_message(client), server);
    !answer.is_empty() && client.write_all(&answer.repeat(times)).is_ok()
}

fn request_line(question: &[u8]) -> String {
    let line = question.split(|byte| *byte == b'\r').next().unwrap_or_default();
    String::from_utf8_lossy(line).into_owned()
}

fn answer_to(question: &[u8], server: &mut TcpStream) -> Vec<u8> {
    if question.is_empty() || server.write_all(question).is_err() {
        return Vec::new();
    }
    whole_message(server)
}

/// Reads one HTTP message with a `Content-Length`; empty at the end of the connection.
fn whole_message(from: &mut TcpStream) -> Vec<u8> {
    let (mut message, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
    while let Ok(read @ 1..) = from.read(&mut chunk) {
        message.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&message);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            break;
        }
    }
    message
}
