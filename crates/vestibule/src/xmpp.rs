//! A first look at an XMPP server: what it offers a client that has not logged in.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use vestibule_core::Host;

/// How long the server may take, all in all.
const PATIENCE: Duration = Duration::from_secs(5);

/// Features fill a kilobyte or two.
const MOST: usize = 64 << 10;

/// What a server offers, as it says it. Looking for names in it is enough: they are long, and nobody but the
/// server has written them.
#[derive(Debug)]
pub(crate) struct Features(String);

impl Features {
    /// Whether something of this namespace is offered.
    pub(crate) fn offer(&self, namespace: &str) -> bool {
        self.0.contains(namespace)
    }

    /// Whether people may register with a token (XEP-0445).
    pub(crate) fn by_invite(&self) -> bool {
        self.offer("urn:xmpp:ibr-token:0")
    }

    /// Whether encryption comes first, and everything else after it.
    pub(crate) fn need_tls(&self) -> bool {
        let tls = self.0.split_once("urn:ietf:params:xml:ns:xmpp-tls").map(|(_, after)| after);
        let tls = tls.and_then(|after| after.split_once("</starttls>"));
        tls.is_some_and(|(inside, _)| inside.contains("<required"))
    }
}

/// Why a server's features could not be seen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// There is no connection.
    #[error("no connection: {0}")]
    Unreachable(std::io::Error),
    /// It took too long.
    #[error("no answer within 5 seconds")]
    Silent,
    /// It said more than anybody needs.
    #[error("an answer without an end")]
    TooMuch,
    /// It hung up.
    #[error("the connection was closed without an answer")]
    Closed,
    /// It ended the stream with an error.
    #[error("the stream was refused with {0}")]
    Refused(String),
}

/// Opens a client's stream to `host` at `address` and reads what is offered.
pub(crate) async fn features(address: &str, host: &Host) -> Result<Features, Trouble> {
    match timeout(PATIENCE, look(address, host)).await {
        Ok(seen) => seen,
        Err(_) => Err(Trouble::Silent),
    }
}

async fn look(address: &str, host: &Host) -> Result<Features, Trouble> {
    let mut stream = TcpStream::connect(address).await.map_err(Trouble::Unreachable)?;
    // A host has no character that would have to be escaped.
    let opening = format!(
        "<?xml version='1.0'?><stream:stream to='{host}' version='1.0' xml:lang='en' xmlns='jabber:client' \
         xmlns:stream='http://etherx.jabber.org/streams'>"
    );
    stream.write_all(opening.as_bytes()).await.map_err(|_| Trouble::Closed)?;
    let (mut seen, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut chunk).await.map_err(|_| Trouble::Closed)?;
        if read == 0 {
            return Err(Trouble::Closed);
        }
        seen.extend_from_slice(&chunk[..read]);
        if let Some(outcome) = judge(&String::from_utf8_lossy(&seen)) {
            // Not to be met with a reset; what comes of it is the server's affair.
            let _ = stream.write_all(b"</stream:stream>").await;
            return outcome;
        }
        if seen.len() >= MOST {
            return Err(Trouble::TooMuch);
        }
    }
}

/// What was received, once it is enough to judge by.
fn judge(seen: &str) -> Option<Result<Features, Trouble>> {
    if let Some((_, error)) = seen.split_once("<stream:error") {
        let (inside, _) = error.split_once("</stream:error>")?;
        return Some(Err(Trouble::Refused(condition(inside))));
    }
    if seen.contains("<stream:features/>") {
        return Some(Ok(Features(String::new())));
    }
    let (_, features) = seen.split_once("<stream:features")?;
    let (features, _) = features.split_once("</stream:features>")?;
    Some(Ok(Features(features.to_owned())))
}

/// The name of the first element, if it is one that a standard could have.
fn condition(inside: &str) -> String {
    let begin = inside.split_once('<').map_or("", |(_, name)| name);
    let name: String =
        begin.chars().take_while(|one| one.is_ascii_lowercase() || *one == '-').take(40).collect();
    if name.is_empty() { "an error".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::net::TcpListener;

    const STREAM: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' from='a.example'>";
    const TLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
    const SASL: &str = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><required/></mechanisms>";

    fn offered(features: &str) -> (bool, bool) {
        let seen = format!("{STREAM}<stream:features>{features}</stream:features>");
        let features = judge(&seen).unwrap().unwrap();
        (features.by_invite(), features.need_tls())
    }

    #[test]
    fn features_are_seen() {
        let optional = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
        let by_invite = "<register xmlns='urn:xmpp:ibr-token:0'/>";
        assert_eq!(offered(SASL), (false, false));
        assert_eq!(offered(&format!("{SASL}{by_invite}")), (true, false));
        assert_eq!(offered(&format!("{TLS}{SASL}")), (false, true));
        assert_eq!(offered(&format!("{optional}{SASL}")), (false, false));
        assert!(matches!(judge(&format!("{STREAM}<stream:features/>")), Some(Ok(_))));
    }

    #[test]
    fn an_answer_is_judged_when_it_is_whole() {
        for part in ["", STREAM, "<stream:features>", "<stream:error><host-unknown"] {
            assert!(judge(part).is_none(), "{part}");
        }
    }

    #[test]
    fn an_error_is_named_and_nothing_else_of_it_printed() {
        let error = |inside: &str| match judge(&format!("{STREAM}<stream:error>{inside}</stream:error>")) {
            Some(Err(Trouble::Refused(condition))) => condition,
            other => panic!("{other:?}"),
        };
        assert_eq!(error("<host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"), "host-unknown");
        assert_eq!(error("\u{1b}[2J"), "an error");
        assert_eq!(error(&format!("<{}/>", "a".repeat(100))).len(), 40);
    }

    /// Answers one connection with `text`, and hangs up where it is told to.
    async fn server(text: String, hang_up: bool) -> (String, tokio::task::JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serving = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut opening = vec![0; 1024];
            let read = stream.read(&mut opening).await.unwrap();
            assert!(String::from_utf8_lossy(&opening[..read]).contains("to='a.example'"));
            let _ = stream.write_all(text.as_bytes()).await;
            if !hang_up {
                let _ = stream.read(&mut opening).await;
            }
        });
        (address, serving)
    }

    #[tokio::test]
    async fn neither_much_nor_little_is_waited_for() {
        let host = Host::parse("a.example").unwrap();
        let (address, _) = server("x".repeat(MOST + 1), false).await;
        assert!(matches!(features(&address, &host).await, Err(Trouble::TooMuch)));
        let (address, _) = server(STREAM.to_owned(), true).await;
        assert!(matches!(features(&address, &host).await, Err(Trouble::Closed)));
        let (address, _) = server(format!("{STREAM}<stream:features>{TLS}</stream:features>"), false).await;
        assert!(features(&address, &host).await.unwrap().need_tls());
        assert!(matches!(features("127.0.0.1:1", &host).await, Err(Trouble::Unreachable(_))));
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "(<|>|/|stream:|features|error|starttls|required|[a-z\\PC]){0,40}") {
            let _ = judge(&text);
        }
    }
}
