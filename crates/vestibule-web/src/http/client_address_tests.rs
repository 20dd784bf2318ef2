use super::*;
use http::HeaderValue;
use proptest::prelude::*;

use Client::{Known, Unnamed, Unreadable};
use ClientAddressSource::{Forwarded, XForwardedFor, XRealIp};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn networks(texts: &[&str]) -> Networks {
    Networks::read(texts.iter().copied()).unwrap()
}

fn of(peer: &str, source: ClientAddressSource, lines: &[(&str, &str)], trusted: &Networks) -> Client {
    let mut extensions = Extensions::new();
    extensions.insert(Peer(ip(peer)));
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Client::of(&extensions, &headers, source, trusted)
}

#[test]
fn x_forwarded_for_is_read_from_the_right() {
    let trusted = networks(&["127.0.0.1", "10.0.0.0/8"]);
    for (peer, value, expected) in [
        ("127.0.0.1", "198.51.100.7", Known(ip("198.51.100.7"))),
        ("::ffff:127.0.0.1", "198.51.100.7", Known(ip("198.51.100.7"))),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", Known(ip("198.51.100.7"))),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7,10.1.2.3", Known(ip("198.51.100.7"))),
        ("127.0.0.1", "10.1.2.3, 10.1.2.4", Known(ip("10.1.2.3"))),
        ("127.0.0.1", "127.0.0.1", Known(ip("127.0.0.1"))),
        ("127.0.0.1", "198.51.100.7:4711", Known(ip("198.51.100.7"))),
        ("127.0.0.1", "2001:db8::7", Known(ip("2001:db8::7"))),
        ("127.0.0.1", "[2001:db8::7]", Known(ip("2001:db8::7"))),
        ("127.0.0.1", "[2001:db8::7]:4711", Known(ip("2001:db8::7"))),
        ("127.0.0.1", "::ffff:198.51.100.7", Known(ip("198.51.100.7"))),
        ("127.0.0.1", ", 198.51.100.7, ,", Known(ip("198.51.100.7"))),
        ("127.0.0.1", "198.51.100.7, unknown", Unreadable(ip("127.0.0.1"))),
        ("127.0.0.1", "198.51.100.7, nonsense, 10.1.2.3", Unreadable(ip("10.1.2.3"))),
        ("127.0.0.1", "nonsense, 198.51.100.7", Known(ip("198.51.100.7"))),
        ("127.0.0.1", "", Unnamed(ip("127.0.0.1"))),
        ("203.0.113.1", "198.51.100.7", Known(ip("203.0.113.1"))),
        ("::1", "198.51.100.7", Known(ip("::1"))),
    ] {
        let found = of(peer, XForwardedFor, &[("x-forwarded-for", value)], &trusted);
        assert_eq!(found, expected, "{peer} {value}");
    }
}

#[test]
fn forwarded_is_read_from_the_right() {
    let trusted = networks(&["127.0.0.1", "10.0.0.0/8"]);
    for (value, expected) in [
        ("for=198.51.100.7", Known(ip("198.51.100.7"))),
        ("For=\"198.51.100.7:4711\";proto=https", Known(ip("198.51.100.7"))),
        ("proto=https; for=\"[2001:db8::7]:4711\";by=203.0.113.43", Known(ip("2001:db8::7"))),
        ("for=\"[2001:db8::7]\"", Known(ip("2001:db8::7"))),
        ("for=203.0.113.9, for=198.51.100.7, for=10.1.2.3", Known(ip("198.51.100.7"))),
        ("for=\"203.0.113.9, for=198.51.100.7", Known(ip("198.51.100.7"))),
        ("for=198.51.100.7, for=unknown", Unreadable(ip("127.0.0.1"))),
        ("for=198.51.100.7, for=_hidden, for=10.1.2.3", Unreadable(ip("10.1.2.3"))),
        ("for=198.51.100.7, proto=https", Unreadable(ip("127.0.0.1"))),
    ] {
        assert_eq!(of("127.0.0.1", Forwarded, &[("forwarded", value)], &trusted), expected, "{value}");
    }
}

#[test]
fn x_real_ip_is_one_address() {
    let trusted = Networks::default();
    for (values, expected) in [
        (&["198.51.100.7"][..], Known(ip("198.51.100.7"))),
        (&["127.0.0.1"], Known(ip("127.0.0.1"))),
        (&[], Unnamed(ip("127.0.0.1"))),
        (&["nonsense"], Unreadable(ip("127.0.0.1"))),
        (&["198.51.100.7, 198.51.100.8"], Unreadable(ip("127.0.0.1"))),
        (&["198.51.100.7", "198.51.100.8"], Unreadable(ip("127.0.0.1"))),
    ] {
        let lines: Vec<_> = values.iter().map(|value| ("x-real-ip", *value)).collect();
        assert_eq!(of("127.0.0.1", XRealIp, &lines, &trusted), expected, "{values:?}");
    }
}

#[test]
fn only_the_chosen_header_is_read() {
    let trusted = Networks::default();
    let lines = [
        ("x-forwarded-for", "198.51.100.1"),
        ("forwarded", "for=198.51.100.2"),
        ("x-real-ip", "198.51.100.3"),
    ];
    for (source, expected) in [
        (XForwardedFor, Known(ip("198.51.100.1"))),
        (Forwarded, Known(ip("198.51.100.2"))),
        (XRealIp, Known(ip("198.51.100.3"))),
        (ClientAddressSource::None, Unnamed(ip("127.0.0.1"))),
    ] {
        assert_eq!(of("127.0.0.1", source, &lines, &trusted), expected, "{source}");
        let without: Vec<_> = lines.iter().filter(|(name, _)| *name != source.to_string()).copied().collect();
        assert_eq!(of("127.0.0.1", source, &without, &trusted), Unnamed(ip("127.0.0.1")), "{source}");
    }
}

#[test]
fn several_lines_are_one_list() {
    let lines = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7, 127.0.0.1")];
    assert_eq!(of("127.0.0.1", XForwardedFor, &lines, &Networks::default()), Known(ip("198.51.100.7")));
}

#[test]
fn an_empty_list_trusts_nobody() {
    let lines = [("x-forwarded-for", "198.51.100.7")];
    assert_eq!(of("127.0.0.1", XForwardedFor, &lines, &networks(&[])), Known(ip("127.0.0.1")));
}

#[test]
fn who_is_not_named_is_not_the_proxy() {
    let proxy = ip("127.0.0.1");
    for client in [Unnamed(proxy), Unreadable(proxy)] {
        assert_ne!(client.group(), Known(proxy).group());
    }
    assert_eq!(Known(ip("2001:db8::1")).group(), Known(ip("2001:db8::2")).group());
}

#[test]
fn sources_have_names() {
    for (source, name) in ClientAddressSource::ALL {
        assert_eq!((name.parse(), source.to_string()), (Ok(source), name.to_owned()));
    }
    assert_eq!("X-Forwarded-For".parse(), Ok(XForwardedFor));
    assert!("x-client-ip".parse::<ClientAddressSource>().is_err());
}

proptest! {
    /// Whatever a client sends, its proxy appends the truth, and the truth is found.
    #[test]
    fn nobody_can_speak_for_somebody_else(made_up in "[ -~]{0,60}", other in "[ -~]{0,60}") {
        let others = [("x-real-ip", &*other), ("via", &*other)];
        for (source, name, truth) in
            [(XForwardedFor, "x-forwarded-for", "198.51.100.7"), (Forwarded, "forwarded", "for=198.51.100.7")]
        {
            let value = format!("{made_up}, {truth}");
            let found = of("127.0.0.1", source, &[(name, &value), others[0], others[1]], &Networks::default());
            prop_assert_eq!(found, Known(ip("198.51.100.7")));
        }
    }
}
