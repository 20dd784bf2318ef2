//! One stream to a server (RFC 6120 section 4).

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout, timeout_at},
};
use vestibule_core::Host;

use crate::{
    connect::{ALPN, Transport, connect, encrypt},
    features::Features,
    limits::{Limits, MAX_RECEIVED},
    ns,
    reply::Reply,
    route::{Encryption, Route},
    stream_error::StreamError,
    xml::{Element, Reader, StreamEvent},
};

/// Timeout of closing a stream. Nothing depends on it.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(200);

/// A client stream before login.
///
/// Sent data is never logged, since it contains tokens and passwords.
pub(crate) struct Stream {
    socket: Box<dyn Transport>,
    reader: Reader,
    host: Host,
    limits: Limits,
    /// Remaining bytes to receive, before and after encryption together.
    remaining_bytes: usize,
    id: String,
}

impl Stream {
    /// Connects to one server, encrypts as `encryption` asks, and opens a stream.
    ///
    /// On a route without secrets, encryption is started if offered, since more features may be offered inside.
    pub(crate) async fn begin(
        route: &Route,
        encryption: Encryption,
        host: &Host,
        address: SocketAddr,
        limits: &Limits,
    ) -> Result<(Self, Features), StreamError> {
        let mut socket: Box<dyn Transport> = Box::new(connect(address, limits.connect).await?);
        if encryption == Encryption::Direct {
            let config = route.trust.config(Some(ALPN)).map_err(StreamError::Tls)?;
            socket = encrypt(socket, config, host, limits.answer).await?;
        }
        let mut stream = Self {
            socket,
            reader: Reader::new(),
            host: host.clone(),
            limits: *limits,
            remaining_bytes: MAX_RECEIVED,
            id: String::new(),
        };
        let offered = stream.open().await?;
        let offers_tls = offered.child("starttls", ns::TLS).is_some();
        match encryption {
            Encryption::StartTls if !offers_tls => Err(StreamError::NoStartTls),
            Encryption::StartTls => stream.encrypted(route).await,
            Encryption::None if route.open && offers_tls => stream.encrypted(route).await,
            _ => Ok((stream, Features::new(offered, encryption == Encryption::Direct))),
        }
    }

    /// Upgrades the stream to TLS and reads the features again.
    async fn encrypted(self, route: &Route) -> Result<(Self, Features), StreamError> {
        let mut stream = self.start_tls(route).await?;
        let offered = stream.open().await?;
        Ok((stream, Features::new(offered, true)))
    }

    /// The XMPP domain.
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// The id that the server gave the stream (RFC 6120 section 4.7.3).
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Sends the stream header and waits for the server's header and features.
    async fn open(&mut self) -> Result<Element, StreamError> {
        // A host needs no escaping. A fixed language keeps the server's texts comparable.
        let head = format!(
            "<?xml version='1.0'?><stream:stream to='{}' version='1.0' xml:lang='en' xmlns='{}' xmlns:stream='{}'>",
            self.host,
            ns::CLIENT,
            ns::STREAM
        );
        self.send(&head).await?;
        self.wait_for(|stanza| stanza.is("features", ns::STREAM)).await
    }

    /// RFC 6120 section 5.4.2. The old stream ends, with everything received on it.
    async fn start_tls(mut self, route: &Route) -> Result<Self, StreamError> {
        let config = route.trust.config(None).map_err(StreamError::Tls)?;
        self.send(&format!("<starttls xmlns='{}'/>", ns::TLS)).await?;
        let answer = self.wait_for(|stanza| stanza.ns == ns::TLS).await?;
        if answer.name != "proceed" {
            return Err(StreamError::StartTlsRefused);
        }
        if !self.reader.is_drained() {
            return Err(StreamError::Injected);
        }
        let socket = encrypt(self.socket, config, &self.host, self.limits.answer).await?;
        Ok(Self { socket, reader: Reader::new(), ..self })
    }

    /// Opens the stream again after a log-in (RFC 6120 section 6.4.6).
    pub(crate) async fn restarted(self) -> Result<Self, StreamError> {
        let mut stream = Self { reader: Reader::new(), ..self };
        stream.open().await?;
        Ok(stream)
    }

    /// Sends raw XML.
    pub(crate) async fn send(&mut self, xml: &str) -> Result<(), StreamError> {
        let sending = async {
            self.socket.write_all(xml.as_bytes()).await?;
            self.socket.flush().await
        };
        match timeout(self.limits.answer, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(StreamError::Closed),
            Err(_) => Err(StreamError::Silent),
        }
    }

    /// Waits for the answer to the request with this `id`; skips other stanzas.
    pub(crate) async fn reply(&mut self, id: &str) -> Result<Reply, StreamError> {
        Ok(Reply::of(&self.answer(id).await?))
    }

    /// Like [`Stream::reply`], but returns the stanza.
    pub(crate) async fn answer(&mut self, id: &str) -> Result<Element, StreamError> {
        let host = self.host.clone();
        self.wait_for(|stanza| {
            let from_server =
                stanza.attr("from").is_none_or(|from| Host::parse(from).is_ok_and(|from| from == host));
            stanza.is("iq", ns::CLIENT)
                && stanza.attr("id") == Some(id)
                && matches!(stanza.attr("type"), Some("result" | "error"))
                && from_server
        })
        .await
    }

    /// The next stanza that matches `wanted`, within the timeout.
    pub(crate) async fn wait_for(
        &mut self,
        wanted: impl Fn(&Element) -> bool,
    ) -> Result<Element, StreamError> {
        let deadline = Instant::now() + self.limits.answer;
        loop {
            match self.next(deadline).await? {
                StreamEvent::Stanza(stanza) if stanza.is("error", ns::STREAM) => {
                    return Err(StreamError::Stream(condition(&stanza)));
                }
                StreamEvent::Stanza(stanza) if wanted(&stanza) => return Ok(stanza),
                StreamEvent::Stanza(_) => {}
                StreamEvent::Opened(head) if head.is("stream", ns::STREAM) => {
                    head.attr("id").unwrap_or_default().clone_into(&mut self.id);
                }
                StreamEvent::Opened(_) => return Err(StreamError::not_xmpp("another kind of XML")),
                StreamEvent::Closed => return Err(StreamError::Closed),
            }
        }
    }

    async fn next(&mut self, deadline: Instant) -> Result<StreamEvent, StreamError> {
        let mut chunk = [0; 4096];
        loop {
            if let Some(came) = self.reader.next()? {
                return Ok(came);
            }
            let limit = self.remaining_bytes.min(chunk.len());
            if limit == 0 {
                return Err(StreamError::TooMuch);
            }
            let read = match timeout_at(deadline, self.socket.read(&mut chunk[..limit])).await {
                Ok(Ok(0) | Err(_)) => return Err(StreamError::Closed),
                Ok(Ok(read)) => read,
                Err(_) => return Err(StreamError::Silent),
            };
            self.remaining_bytes -= read;
            self.reader.feed(&chunk[..read]);
        }
    }

    /// Closes the stream. Errors are ignored.
    pub(crate) async fn end(mut self) {
        let goodbye = async {
            let _ = self.socket.write_all(b"</stream:stream>").await;
            let _ = self.socket.shutdown().await;
        };
        let _ = timeout(CLOSE_TIMEOUT, goodbye).await;
    }
}

/// The condition of a stream error, if it is a plausible name.
fn condition(error: &Element) -> String {
    let name = error.children.first().map_or("", |child| child.name.as_str());
    let name: String =
        name.chars().take_while(|one| one.is_ascii_lowercase() || *one == '-').take(40).collect();
    if name.is_empty() { "without a reason".to_owned() } else { name }
}
