//! A collector of traces (OTLP over HTTP).

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// A request to the collector: its head in lower case, and its body.
type Post = (String, Vec<u8>);

/// A collector that accepts everything. It ends with the test's process.
pub(crate) struct Collector {
    pub(crate) address: SocketAddr,
    posts: Receiver<Post>,
}

/// What a collector received.
pub(crate) struct Export {
    pub(crate) bytes: Vec<u8>,
    pub(crate) spans: Vec<Span>,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, posts) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, sender) = (stream.unwrap(), sender.clone());
                thread::spawn(move || {
                    let mut stream = BufReader::new(stream);
                    while let Some(post) = read(&mut stream) {
                        let _ = sender.send(post);
                        stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
                    }
                });
            }
        });
        Self { address, posts }
    }

    /// Everything that a service has sent; call it when the service has ended.
    pub(crate) fn export(&self) -> Export {
        let (mut bytes, mut spans) = (Vec::new(), Vec::new());
        for (head, body) in self.posts.try_iter() {
            assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
            assert!(head.contains("content-type: application/x-protobuf"), "{head}");
            let request = ExportTraceServiceRequest::decode(&body[..]).unwrap();
            let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
            spans.extend(scopes.flat_map(|scope| scope.spans));
            bytes.extend(body);
        }
        Export { bytes, spans }
    }
}

impl Export {
    /// The only span with this name.
    pub(crate) fn span(&self, name: &str) -> &Span {
        let found: Vec<_> = self.spans.iter().filter(|span| span.name == name).collect();
        assert_eq!(
            found.len(),
            1,
            "{name} in {:?}",
            self.spans.iter().map(|span| &span.name).collect::<Vec<_>>()
        );
        found[0]
    }

    /// The names of the children of a span, in the order in which they began.
    pub(crate) fn children(&self, parent: &Span) -> Vec<&str> {
        let mut children: Vec<_> =
            self.spans.iter().filter(|span| span.parent_span_id == parent.span_id).collect();
        children.sort_by_key(|span| span.start_time_unix_nano);
        for child in &children {
            assert_eq!(child.trace_id, parent.trace_id);
        }
        children.into_iter().map(|span| span.name.as_str()).collect()
    }

    /// Panics if a span contains one of these texts.
    pub(crate) fn holds_none_of(&self, texts: &[&str]) {
        for text in texts {
            let found = self.bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{text} in {}", String::from_utf8_lossy(&self.bytes));
        }
    }
}

/// An attribute of a span, as text.
pub(crate) fn attribute(span: &Span, key: &str) -> Option<String> {
    let value = &span.attributes.iter().find(|attribute| attribute.key == key)?.value;
    Some(match value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Post> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.expect("a Content-Length")];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}
