//! What an invite says to the invited person, as it is stored: one JSON object.
//!
//! One nullable column instead of three: few invites have any of these fields, so the others pay one NULL in their row,
//! one value in the statements that create them, and one test for NULL where they are read.

use serde_json::{Map, Value};
use vestibule_core::{Invite, InviterName, LanguageTag, Message};

const MESSAGE: &str = "message";
const INVITER_NAME: &str = "inviter_name";
const LANGUAGE: &str = "language";

/// The stored fields of an invite.
#[derive(Default)]
pub(crate) struct Presentation {
    pub(crate) message: Option<Message>,
    pub(crate) inviter_name: Option<InviterName>,
    pub(crate) language: Option<LanguageTag>,
}

/// The fields as they are stored; `None` if the invite has none of them. Equal fields are equal texts.
pub(crate) fn to_text(invite: &Invite) -> Option<String> {
    let fields = [
        (MESSAGE, invite.message.as_ref().map(Message::as_str)),
        (INVITER_NAME, invite.inviter_name.as_ref().map(InviterName::as_str)),
        (LANGUAGE, invite.language.as_ref().map(LanguageTag::as_str)),
    ];
    if fields.iter().all(|(_, text)| text.is_none()) {
        return None;
    }
    let given = fields.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?))));
    Some(Value::Object(given.collect()).to_string())
}

/// Reads stored fields; `None` if they are damaged.
pub(crate) fn from_text(text: Option<&str>) -> Option<Presentation> {
    let Some(text) = text else { return Some(Presentation::default()) };
    let mut object: Map<String, Value> = serde_json::from_str(text).ok()?;
    let mut take = |name: &str| match object.remove(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    };
    Some(Presentation {
        message: take(MESSAGE)?.map(Message::from_stored),
        inviter_name: take(INVITER_NAME)?.map(InviterName::from_stored),
        language: take(LANGUAGE)?.map(LanguageTag::from_stored),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_fields_are_not_read() {
        for text in ["", "1", "[]", "{\"message\":1}", "{\"language\":null}", "{\"inviter_name\":[]}"] {
            assert!(from_text(Some(text)).is_none(), "{text}");
        }
        for text in [None, Some("{}"), Some("{\"later\":1}")] {
            let read = from_text(text).unwrap();
            assert!(
                read.message.is_none() && read.inviter_name.is_none() && read.language.is_none(),
                "{text:?}"
            );
        }
        let read = from_text(Some("{\"inviter_name\":\"Ann\"}")).unwrap();
        assert_eq!(read.inviter_name, InviterName::parse("Ann").unwrap());
    }
}
