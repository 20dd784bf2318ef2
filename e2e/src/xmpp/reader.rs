//! From bytes to stanzas.

use rxml::error::EndOrError;
use rxml::{Event, Options, Parse, Parser, WithOptions};

use crate::xmpp::Element;

/// Of an attribute or a piece of text, in bytes: tests send long ones, and they come back.
const LONGEST: usize = 1 << 20;

/// Reads one stream; after a restart of the stream, a new one is needed.
#[derive(Debug)]
pub(crate) struct Reader {
    parser: Parser,
    bytes: Vec<u8>,
    /// The elements that are not at their end yet; the stream itself is the first.
    open: Vec<Element>,
}

/// What has come.
#[derive(Debug)]
pub(crate) enum StreamEvent {
    /// The stream is open.
    Opened,
    /// A whole stanza.
    Stanza(Element),
    /// The end of the stream.
    Closed,
}

impl Reader {
    pub(crate) fn new() -> Self {
        let options = Options { max_token_length: LONGEST, ..Options::default() };
        Self { parser: Parser::with_options(options), bytes: Vec::new(), open: Vec::new() }
    }

    /// Takes more bytes in.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next thing that is whole; nothing where more bytes are needed. An error is what is wrong with
    /// the XML.
    pub(crate) fn next(&mut self) -> Result<Option<StreamEvent>, String> {
        loop {
            let mut rest = self.bytes.as_slice();
            let parsed = self.parser.parse(&mut rest, false);
            let used = self.bytes.len() - rest.len();
            self.bytes.drain(..used);
            match parsed {
                Ok(Some(event)) => {
                    if let Some(came) = self.take(event) {
                        return Ok(Some(came));
                    }
                }
                Ok(None) => return Ok(Some(StreamEvent::Closed)),
                Err(EndOrError::NeedMoreData) => return Ok(None),
                Err(EndOrError::Error(error)) => return Err(error.to_string()),
            }
        }
    }

    fn take(&mut self, event: Event) -> Option<StreamEvent> {
        match event {
            Event::XmlDeclaration(..) => None,
            Event::StartElement(_, (ns, name), attributes) => {
                let attributes =
                    attributes.iter().map(|((_, name), value)| (name.to_string(), value.clone())).collect();
                self.open.push(Element {
                    name: name.to_string(),
                    ns: ns.to_string(),
                    attributes,
                    ..Element::default()
                });
                (self.open.len() == 1).then_some(StreamEvent::Opened)
            }
            Event::Text(_, text) => {
                // Between stanzas there is white space at most.
                if let [_, .., inner] = self.open.as_mut_slice() {
                    inner.text.push_str(&text);
                }
                None
            }
            Event::EndElement(_) => {
                let done = self.open.pop()?;
                match self.open.as_mut_slice() {
                    [] => Some(StreamEvent::Closed),
                    [_stream] => Some(StreamEvent::Stanza(done)),
                    [.., around] => {
                        around.children.push(done);
                        None
                    }
                }
            }
        }
    }
}
