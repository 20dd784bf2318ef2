//! What holds of every input of the parsers that read what a server sends. The fuzz targets and the property tests call
//! these functions, which panic if a property does not hold.

use std::mem::discriminant;

use crate::xml::{Element, Reader, StreamEvent, XmlError};

/// The deepest nesting below a stanza.
const MAX_DEPTH: usize = 16;

/// A stream: it is read alike however its bytes are cut, and no stanza is nested too deeply.
pub fn xml_stream(bytes: &[u8]) {
    let (whole, whole_end) = read(bytes, bytes.len().max(1));
    for size in [1, 7] {
        let (pieces, end) = read(bytes, size);
        assert_eq!(pieces, whole, "in pieces of {size}");
        assert_eq!(end.as_ref().map(discriminant), whole_end.as_ref().map(discriminant));
    }
    for element in &whole {
        assert!(depth(element) < MAX_DEPTH);
    }
}

/// The stanzas of a stream, with its start tag, and the error that ended it.
fn read(bytes: &[u8], size: usize) -> (Vec<Element>, Option<XmlError>) {
    let mut reader = Reader::new();
    let mut elements = Vec::new();
    for piece in bytes.chunks(size) {
        reader.feed(piece);
        loop {
            match reader.next() {
                Ok(Some(StreamEvent::Opened(element) | StreamEvent::Stanza(element))) => {
                    elements.push(element);
                }
                Ok(Some(StreamEvent::Closed)) => return (elements, None),
                Ok(None) => break,
                Err(error) => return (elements, Some(error)),
            }
        }
    }
    (elements, None)
}

fn depth(element: &Element) -> usize {
    1 + element.children.iter().map(depth).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = "<?xml version='1.0'?><s:stream xmlns='jabber:client' xmlns:s='urn:s'>";

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            xml_stream(&bytes);
        }

        #[test]
        fn any_markup(
            text in "(<a>|</a>|<b c='d'/>|<s:e xmlns:s='n'>|</s:e>|xmlns=''|&amp;|&#x41;|&b;|<!--|<!DOCTYPE a>|<\\?pi\\?>|\
                     <!\\[CDATA\\[|\\]\\]>|</s:stream>|<|>|'|\"|=|/| |x|é|\u{1}|\u{1F600}){0,16}",
        ) {
            xml_stream(text.as_bytes());
            xml_stream(format!("{STREAM}{text}").as_bytes());
        }

        #[test]
        fn any_depth(depth in 0_usize..40) {
            xml_stream(format!("{STREAM}{}{}", "<a>".repeat(depth), "</a>".repeat(depth)).as_bytes());
        }
    }
}
