//! One stream.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::HarnessError;
use crate::xmpp::Element;
use crate::xmpp::escape;
use crate::xmpp::reader::{Reader, StreamEvent};

/// How long anything may take that is not said to take longer.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// A stream of a client to a server, without TLS.
#[derive(Debug)]
pub struct Stream {
    socket: TcpStream,
    reader: Reader,
    host: String,
    features: Element,
    /// Stanzas that came while another was waited for, oldest first.
    aside: VecDeque<Element>,
    pub(crate) asked: u32,
}

impl Stream {
    /// Connects and opens a stream to `host`; the server has said its features then.
    ///
    /// # Errors
    /// If there is nobody, or what answers speaks no XMPP.
    pub fn open(addr: SocketAddr, host: &str) -> Result<Self, HarnessError> {
        let socket = TcpStream::connect_timeout(&addr, LIMIT).map_err(HarnessError::io("connecting"))?;
        socket.set_write_timeout(Some(LIMIT)).map_err(HarnessError::io("setting a time limit"))?;
        socket.set_nodelay(true).map_err(HarnessError::io("sending at once"))?;
        let mut stream = Self {
            socket,
            reader: Reader::new(),
            host: host.to_owned(),
            features: Element::default(),
            aside: VecDeque::new(),
            asked: 0,
        };
        stream.begin()?;
        Ok(stream)
    }

    /// Begins anew on the same connection, as after a login.
    pub(crate) fn begin(&mut self) -> Result<(), HarnessError> {
        self.reader = Reader::new();
        let header = format!(
            "<?xml version='1.0'?><stream:stream to='{}' version='1.0' xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams'>",
            escape(&self.host)
        );
        self.send(&header)?;
        self.features = self.wait_for("features", LIMIT, |stanza| stanza.name == "features")?;
        Ok(())
    }

    /// The domain at its other end.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What the server said it can do.
    pub fn features(&self) -> &Element {
        &self.features
    }

    /// Closes the connection with a reset (RST), as a phone that loses its network and comes back does. Dropping a
    /// stream closes it with a FIN.
    ///
    /// # Errors
    /// If the socket cannot be set up for that.
    pub fn reset(self) -> Result<(), HarnessError> {
        rustix::net::sockopt::set_socket_linger(&self.socket, Some(Duration::ZERO))
            .map_err(|error| HarnessError::io("setting the linger time")(error.into()))
    }

    /// Sends XML as it is.
    ///
    /// # Errors
    /// If the server has hung up.
    pub fn send(&mut self, xml: &str) -> Result<(), HarnessError> {
        self.socket.write_all(xml.as_bytes()).map_err(HarnessError::io("sending a stanza"))
    }

    /// The first stanza that is `wanted`, whether it is there already or comes within `limit`; others are
    /// kept for later. `what` says what it is, should it not come.
    ///
    /// # Errors
    /// If it does not come in time, or the stream ends.
    pub fn wait_for(
        &mut self,
        what: &str,
        limit: Duration,
        wanted: impl Fn(&Element) -> bool,
    ) -> Result<Element, HarnessError> {
        if let Some(stanza) = self.aside.iter().position(&wanted).and_then(|place| self.aside.remove(place)) {
            return Ok(stanza);
        }
        let until = Instant::now() + limit;
        loop {
            let stanza = self.read(until).map_err(|why| HarnessError::Xmpp {
                what: format!("waiting for {what}"),
                why: format!("{why}; so far came {:?}", self.aside),
            })?;
            if wanted(&stanza) {
                return Ok(stanza);
            }
            self.aside.push_back(stanza);
        }
    }

    /// Everything that came and was not waited for, so far.
    pub fn rest(&mut self) -> Vec<Element> {
        while let Ok(stanza) = self.read(Instant::now()) {
            self.aside.push_back(stanza);
        }
        self.aside.drain(..).collect()
    }

    fn read(&mut self, until: Instant) -> Result<Element, String> {
        let mut chunk = [0_u8; 8192];
        loop {
            match self.reader.next()? {
                Some(StreamEvent::Stanza(stanza)) => return Ok(stanza),
                Some(StreamEvent::Opened) => continue,
                Some(StreamEvent::Closed) => return Err("the stream was closed".to_owned()),
                None => {}
            }
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.socket.set_read_timeout(Some(left)).map_err(|error| error.to_string())?;
            match self.socket.read(&mut chunk) {
                Ok(0) => return Err("the connection was closed".to_owned()),
                Ok(read) => self.reader.feed(chunk.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Err("nothing came in time".to_owned());
                }
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}
