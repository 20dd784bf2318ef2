//! What holds of every input of the parsers that read requests. The fuzz targets and the property tests call these
//! functions, which panic if a property does not hold.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::LazyLock,
};

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};

pub use crate::pages::properties::form_body;
pub use crate::v1::properties::json_body;
use crate::{
    http::{Client, ClientAddressSource, Networks, Peer},
    i18n::Languages,
};

/// `X-Forwarded-For` and `Forwarded`: whatever a client sends, a trusted proxy appends the client's address, and no other
/// address is taken for the client.
pub fn forwarded_headers(from_client: &[u8]) {
    let client = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
    let proxy = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let x_forwarded_for = HeaderName::from_static("x-forwarded-for");
    for (source, name, appended) in [
        (ClientAddressSource::XForwardedFor, x_forwarded_for, "198.51.100.7"),
        (ClientAddressSource::Forwarded, header::FORWARDED, "for=198.51.100.7"),
    ] {
        let Ok(forged) = HeaderValue::from_bytes(from_client) else { return };
        let found = |peer: IpAddr, lines: &[&HeaderValue]| {
            let mut extensions = Extensions::new();
            extensions.insert(Peer(peer));
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(&name, (*line).clone());
            }
            Client::of(&extensions, &headers, source, &Networks::default())
        };
        assert_eq!(found(client, &[&forged]), Client::Known(client), "an untrusted peer");
        let own_line = HeaderValue::from_static(appended);
        assert_eq!(found(proxy, &[&forged, &own_line]), Client::Known(client), "a line of its own");
        let Ok(same_line) = HeaderValue::from_bytes(&[from_client, b", ", appended.as_bytes()].concat())
        else {
            continue;
        };
        match found(proxy, &[&same_line]) {
            Client::Known(address) => assert_eq!(address, client),
            // The client made the line unreadable.
            unreadable => assert!(unreadable == Client::Unreadable(proxy) && forged.to_str().is_err()),
        }
    }
}

/// `Accept-Language`: the language of any header is one of ours, and the one with the highest preference is used.
pub fn accept_language(text: &str) {
    static LANGUAGES: LazyLock<Languages> = LazyLock::new(Languages::load);
    let languages = &*LANGUAGES;
    let accepted = |header: &str| languages.accepted(header).map(|language| language.tag);
    if let Some(tag) = accepted(text) {
        assert!(languages.by_tag(tag).is_some());
    }
    for wanted in languages.all() {
        assert_eq!(accepted(&format!("{},{text}", wanted.tag)), Some(wanted.tag));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_forwarded_header(
            bytes in "(for=|For=|;|,|\"|\\[|\\]| |:|10\\.0\\.0\\.1|127\\.0\\.0\\.1|::1|2001:db8::7|unknown|_x|[ -~]|é){0,12}",
        ) {
            forwarded_headers(bytes.as_bytes());
        }

        #[test]
        fn any_accepted_language(text in "([a-z]{0,3}|-|;q=|q=|0|1|\\.|,|\\*| |\\PC){0,40}") {
            accept_language(&text);
        }

        #[test]
        fn any_bytes_as_json(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            json_body(&bytes);
        }

        #[test]
        fn any_json(
            text in "(\\{|\\}|\\[|\\]|:|,|\"count\"|\"names\"|\"a`, expected b\"|\"\\\\u00e9\"|\"\"|null|true|-1|1|2\\.5|4294967296|1e400| |é){0,14}",
        ) {
            json_body(text.as_bytes());
        }

        #[test]
        fn any_object(count in ".{0,6}", name in ".{0,6}", names in proptest::collection::vec(".{0,6}", 0..3)) {
            let object = serde_json::json!({ "count": count, "names": names, name: 1 });
            json_body(object.to_string().as_bytes());
        }

        #[test]
        fn any_form(text in "(username=|password=|grant=|&|=|%|%41|%FF|\\+|;|[ -~]|é){0,20}") {
            form_body(text.as_bytes());
        }

        #[test]
        fn any_bytes_as_form(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            form_body(&bytes);
        }
    }

    #[test]
    fn a_form_may_have_a_size_and_no_more() {
        form_body(&vec![b'a'; 16 << 10]);
        form_body(&vec![b'a'; (16 << 10) + 1]);
    }
}
