//! A scripted server.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

/// Timeout of a script.
const PATIENCE: Duration = Duration::from_secs(20);

/// A step of a script. At the end of the script, the server closes the connection.
#[derive(Clone)]
pub(crate) enum Step {
    /// Reads until this text has arrived.
    Expect(&'static str),
    /// Sends this text.
    Send(String),
    /// Sends this text repeatedly until the client closes the connection.
    SendForever(String),
    /// Accepts TLS.
    AcceptTls(Arc<ServerConfig>),
    /// Reads until the client closes the connection.
    WaitForClose,
}

/// A server on loopback, with a script for each connection. Further connections are refused.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    serving: JoinHandle<Vec<String>>,
}

trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

impl Server {
    pub(crate) async fn start(scripts: Vec<Vec<Step>>) -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), scripts).await
    }

    /// Starts a server at this address.
    pub(crate) async fn start_at(address: SocketAddr, scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            let mut received = Vec::new();
            for script in scripts {
                let (socket, _) = listener.accept().await.unwrap();
                let following = follow(script, Box::new(socket));
                received.push(timeout(PATIENCE, following).await.expect("the end of the script"));
            }
            received
        });
        Self { address, serving }
    }

    /// The text received on each connection. Panics unless there was a connection for each script.
    pub(crate) async fn received(self) -> Vec<String> {
        timeout(PATIENCE, self.serving).await.expect("a connection for each script").unwrap()
    }
}

async fn follow(script: Vec<Step>, mut socket: Box<dyn Transport>) -> String {
    let (mut received, mut unread) = (String::new(), String::new());
    for step in script {
        match step {
            Step::Expect(reason) => loop {
                if let Some(at) = unread.find(reason) {
                    unread.drain(..at + reason.len());
                    break;
                }
                let Some(more) = receive(&mut socket).await else { return received };
                received.push_str(&more);
                unread.push_str(&more);
            },
            Step::Send(reason) => {
                // The client may close the connection early.
                if socket.write_all(reason.as_bytes()).await.is_err() || socket.flush().await.is_err() {
                    return received;
                }
            }
            Step::SendForever(reason) => while socket.write_all(reason.as_bytes()).await.is_ok() {},
            Step::AcceptTls(config) => match TlsAcceptor::from(config).accept(socket).await {
                Ok(encrypted) => socket = Box::new(encrypted),
                Err(_) => return received,
            },
            Step::WaitForClose => {
                while let Some(more) = receive(&mut socket).await {
                    received.push_str(&more);
                }
            }
        }
    }
    let _ = socket.shutdown().await;
    // Closing with unread bytes resets the connection, and the client may lose sent data.
    while let Some(more) = receive(&mut socket).await {
        received.push_str(&more);
    }
    received
}

async fn receive(socket: &mut Box<dyn Transport>) -> Option<String> {
    let mut chunk = [0; 4096];
    match socket.read(&mut chunk).await {
        Ok(0) | Err(_) => None,
        Ok(read) => Some(String::from_utf8_lossy(&chunk[..read]).into_owned()),
    }
}
