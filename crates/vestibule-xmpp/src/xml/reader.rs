//! A parser from bytes to stanzas.

use rxml::{Event, Options, Parse, Parser, WithOptions, error::EndOrError};

use super::Element;

/// Maximum nesting, including the stream element. The expected stanzas need five levels.
const MAX_DEPTH: usize = 16;

/// Maximum bytes of a name, an attribute or a chunk of text. No expected answer has a longer name or attribute;
/// longer text arrives in chunks.
const MAX_LEN: usize = 8192;

/// Reads one stream; after a restart of the stream, a new one is needed.
///
/// Document types, custom entities, processing instructions and comments are errors.
#[derive(Debug)]
pub(crate) struct Reader {
    parser: Parser,
    bytes: Vec<u8>,
    /// The open elements; the first is the stream.
    open: Vec<Element>,
}

/// An event of a stream.
#[derive(Debug)]
pub(crate) enum StreamEvent {
    /// The stream was opened; its start tag.
    Opened(Element),
    /// A complete stanza.
    Stanza(Element),
    /// The end of the stream.
    Closed,
}

/// The bytes are not a valid stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum XmlError {
    /// Invalid XML, or XML that streams must not contain.
    InvalidCharacter(String),
    /// Elements are nested too deeply.
    TooDeep,
}

impl Reader {
    pub(crate) fn new() -> Self {
        let options = Options { max_token_length: MAX_LEN, ..Options::default() };
        Self { parser: Parser::with_options(options), bytes: Vec::new(), open: Vec::new() }
    }

    /// Appends input.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether all input has been read.
    pub(crate) fn is_drained(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The next complete event; `None` if more input is needed.
    pub(crate) fn next(&mut self) -> Result<Option<StreamEvent>, XmlError> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut rest = bytes.as_slice();
        let came = self.read(&mut rest);
        self.bytes = rest.to_vec();
        came
    }

    fn read(&mut self, rest: &mut &[u8]) -> Result<Option<StreamEvent>, XmlError> {
        loop {
            match self.parser.parse(rest, false) {
                Ok(Some(event)) => {
                    if let Some(came) = self.take(event)? {
                        return Ok(Some(came));
                    }
                }
                Ok(None) => return Ok(Some(StreamEvent::Closed)),
                Err(EndOrError::NeedMoreData) => return Ok(None),
                Err(EndOrError::Error(error)) => return Err(XmlError::InvalidCharacter(error.to_string())),
            }
        }
    }

    fn take(&mut self, event: Event) -> Result<Option<StreamEvent>, XmlError> {
        match event {
            Event::XmlDeclaration(..) => Ok(None),
            Event::StartElement(_, (ns, name), attributes) => {
                if self.open.len() == MAX_DEPTH {
                    return Err(XmlError::TooDeep);
                }
                let plain = attributes.iter().filter(|((ns, _), _)| ns.is_none());
                self.open.push(Element {
                    name: name.to_string(),
                    ns: ns.to_string(),
                    attributes: plain.map(|((_, name), value)| (name.to_string(), value.clone())).collect(),
                    ..Element::default()
                });
                let [stream] = self.open.as_slice() else { return Ok(None) };
                Ok(Some(StreamEvent::Opened(stream.clone())))
            }
            Event::Text(_, text) => {
                // Only white space is allowed between stanzas.
                if let [_, .., inner] = self.open.as_mut_slice() {
                    inner.text.push_str(&text);
                }
                Ok(None)
            }
            Event::EndElement(_) => {
                let Some(done) = self.open.pop() else { return Ok(None) };
                Ok(match self.open.as_mut_slice() {
                    [] => Some(StreamEvent::Closed),
                    [_stream] => Some(StreamEvent::Stanza(done)),
                    [.., around] => {
                        around.children.push(done);
                        None
                    }
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
                          xmlns:stream='http://etherx.jabber.org/streams' from='a.example'>";

    /// Reads the text in chunks of `size` bytes.
    fn read(text: &str, size: usize) -> Result<Vec<Element>, XmlError> {
        let mut reader = Reader::new();
        let mut came = Vec::new();
        for piece in text.as_bytes().chunks(size) {
            reader.feed(piece);
            while let Some(next) = reader.next()? {
                match next {
                    StreamEvent::Opened(element) | StreamEvent::Stanza(element) => came.push(element),
                    StreamEvent::Closed => return Ok(came),
                }
            }
        }
        Ok(came)
    }

    #[test]
    fn stanzas_are_read_in_chunks_of_any_size() {
        let text =
            format!("{STREAM} <iq id='1' xml:lang='en'>é<a xmlns='n'/>b</iq> <iq id='2'/></stream:stream>");
        let whole = read(&text, text.len()).unwrap();
        assert_eq!(whole.len(), 3);
        assert!(whole[0].is("stream", "http://etherx.jabber.org/streams"));
        assert_eq!(whole[0].attr("from"), Some("a.example"));
        assert_eq!(
            (whole[1].attr("id"), whole[1].attr("lang"), whole[1].text.as_str()),
            (Some("1"), None, "éb")
        );
        assert!(whole[1].child("a", "n").is_some() && whole[1].child("a", "jabber:client").is_none());
        for size in 1..40 {
            assert_eq!(read(&text, size).unwrap(), whole, "{size}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{STREAM}{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(read(&nested(MAX_DEPTH - 1), 4096).is_ok());
        assert_eq!(read(&nested(MAX_DEPTH), 4096), Err(XmlError::TooDeep));
        assert_eq!(read(&"<a>".repeat(200_000), 4096), Err(XmlError::TooDeep));
    }

    #[test]
    fn forbidden_constructs_are_errors() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>";
        let long = format!("<a b='{}'/>", "x".repeat(MAX_LEN + 1));
        for text in
            [bomb, "<?pi?>", "<!-- -->", "<a>&b;</a>", "<a <", "\u{0}", "<a></b>", "<a b='1' b='2'/>", &long]
        {
            assert!(
                matches!(read(&format!("{STREAM}{text}"), 64), Err(XmlError::InvalidCharacter(_))),
                "{text}"
            );
        }
        for text in [bomb, "HTTP/1.1 400\r\n<html>", "<?xml version='1.1'?><a>"] {
            assert!(matches!(read(text, 64), Err(XmlError::InvalidCharacter(_))), "{text}");
        }
    }

    #[test]
    fn input_after_a_stanza_is_kept() {
        let mut reader = Reader::new();
        reader.feed(format!("{STREAM}<proceed/>x").as_bytes());
        assert!(matches!(reader.next(), Ok(Some(StreamEvent::Opened(_)))));
        assert!(matches!(reader.next(), Ok(Some(StreamEvent::Stanza(_)))));
        assert!(!reader.is_drained());
    }
}
