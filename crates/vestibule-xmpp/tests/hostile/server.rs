//! A server that follows a script.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

/// A script that is not at its end after this is wrong.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a server does, one after the other. At the end of its script it hangs up.
#[derive(Clone)]
pub(crate) enum Step {
    /// Reads until this has come.
    Hear(&'static str),
    /// Says this.
    Say(String),
    /// Says this again and again, until nobody listens.
    Babble(String),
    /// Accepts TLS.
    Encrypt(Arc<ServerConfig>),
    /// Says nothing until the client goes.
    Hold,
}

/// A server on loopback, with a script for each connection. What comes after the last script is turned away.
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

    /// The same at an address of its own.
    pub(crate) async fn start_at(address: SocketAddr, scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            let mut heard = Vec::new();
            for script in scripts {
                let (socket, _) = listener.accept().await.unwrap();
                let following = follow(script, Box::new(socket));
                heard.push(timeout(PATIENCE, following).await.expect("the end of the script"));
            }
            heard
        });
        Self { address, serving }
    }

    /// What was heard on each connection. Panics unless there were as many as scripts.
    pub(crate) async fn heard(self) -> Vec<String> {
        timeout(PATIENCE, self.serving).await.expect("a connection for each script").unwrap()
    }
}

async fn follow(script: Vec<Step>, mut socket: Box<dyn Transport>) -> String {
    let (mut heard, mut unread) = (String::new(), String::new());
    for step in script {
        match step {
            Step::Hear(words) => loop {
                if let Some(at) = unread.find(words) {
                    unread.drain(..at + words.len());
                    break;
                }
                let Some(more) = hear(&mut socket).await else { return heard };
                heard.push_str(&more);
                unread.push_str(&more);
            },
            Step::Say(words) => {
                // A client that has heard enough hangs up.
                if socket.write_all(words.as_bytes()).await.is_err() || socket.flush().await.is_err() {
                    return heard;
                }
            }
            Step::Babble(words) => while socket.write_all(words.as_bytes()).await.is_ok() {},
            Step::Encrypt(config) => match TlsAcceptor::from(config).accept(socket).await {
                Ok(encrypted) => socket = Box::new(encrypted),
                Err(_) => return heard,
            },
            Step::Hold => {
                while let Some(more) = hear(&mut socket).await {
                    heard.push_str(&more);
                }
            }
        }
    }
    let _ = socket.shutdown().await;
    // Hanging up with something unread is a reset, which may overtake what was said.
    while let Some(more) = hear(&mut socket).await {
        heard.push_str(&more);
    }
    heard
}

async fn hear(socket: &mut Box<dyn Transport>) -> Option<String> {
    let mut chunk = [0; 4096];
    match socket.read(&mut chunk).await {
        Ok(0) | Err(_) => None,
        Ok(read) => Some(String::from_utf8_lossy(&chunk[..read]).into_owned()),
    }
}
