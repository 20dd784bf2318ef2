//! Required registration fields (XEP-0077 section 3.1).

use crate::{ns, sanitize::sanitize, stream::Stream, stream_error::StreamError, xml::Element};

/// The id of the request.
const FIELDS_ID: &str = "vestibule-3";

/// Fields that are always sent, and technical fields of the form.
const KNOWN: [&str; 6] = ["username", "password", "FORM_TYPE", "instructions", "registered", "key"];

/// Maximum number of reported fields.
const MAX_FIELDS: usize = 5;

/// Maximum length of a field name, in characters.
const MAX_LEN: usize = 40;

/// The names of the required fields besides username and password; empty if unknown.
pub(crate) async fn required(stream: &mut Stream) -> Result<Vec<String>, StreamError> {
    let question = format!(
        "<iq type='get' id='{FIELDS_ID}' to='{}'><query xmlns='{}'/></iq>",
        stream.host(),
        ns::REGISTER
    );
    stream.send(&question).await?;
    Ok(read(&stream.answer(FIELDS_ID).await?))
}

/// Reads the form in an answer. A data form marks required fields (XEP-0004 section 3.2); plain elements are all
/// required.
fn read(answer: &Element) -> Vec<String> {
    let Some(query) = answer.child("query", ns::REGISTER) else { return Vec::new() };
    let resolver: Vec<&str> = match query.child("x", ns::DATA) {
        Some(form) => {
            let fields = form.children.iter().filter(|field| field.is("field", ns::DATA));
            let wanted = fields.filter(|field| {
                field.child("required", ns::DATA).is_some() && field.attr("type") != Some("hidden")
            });
            wanted.filter_map(|field| field.attr("var")).collect()
        }
        // The form of an existing account contains its data.
        None if query.child("registered", ns::REGISTER).is_some() => Vec::new(),
        None => {
            query.children.iter().filter(|child| child.ns == ns::REGISTER).map(|child| &*child.name).collect()
        }
    };
    let missing = resolver.into_iter().filter(|name| !KNOWN.contains(name));
    missing.map(|name| sanitize(name).chars().take(MAX_LEN).collect()).take(MAX_FIELDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Reader, StreamEvent};

    fn required_by(query: &str) -> Vec<String> {
        let mut reader = Reader::new();
        reader.feed(
            format!("<s xmlns='jabber:client'><iq><query xmlns='jabber:iq:register'>{query}</query></iq>")
                .as_bytes(),
        );
        assert!(matches!(reader.next(), Ok(Some(StreamEvent::Opened(_)))));
        match reader.next() {
            Ok(Some(StreamEvent::Stanza(answer))) => read(&answer),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn required_fields_are_read_from_the_form() {
        let form =
            |fields: &str| format!("<username/><email/><x xmlns='jabber:x:data' type='form'>{fields}</x>");
        let field = |name: &str, more: &str| format!("<field var='{name}' {more}><required/></field>");
        let none: [&str; 0] = [];
        for (query, expected) in [
            ("<instructions>i</instructions><username/><password/>".to_owned(), &none[..]),
            ("<username/><password/><email/><nick/>".to_owned(), &["email", "nick"]),
            ("<registered/><username/><email/>".to_owned(), &none),
            (form(&field("username", "type='text-single'")), &none),
            (form("<field var='email' type='text-single'/>"), &none),
            (form(&(field("password", "") + &field("email", "") + &field("ocr", ""))), &["email", "ocr"]),
            (form(&field("sid", "type='hidden'")), &none),
            (form(&field("a\u{202e}&#10;b", "")), &["a b"]),
            (String::new(), &none),
        ] {
            assert_eq!(required_by(&query), expected, "{query}");
        }
        let many: String = (0..20).map(|at| field(&format!("f{at}"), "")).collect();
        assert_eq!(required_by(&form(&many)).len(), MAX_FIELDS);
    }
}
