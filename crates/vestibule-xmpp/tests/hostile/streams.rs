//! Servers that send malformed XMPP, too much, or nothing.

use vestibule_core::RegistrarError;

use crate::{
    fixture::{SHORT_LIMITS, head, preauth_accepted, register, register_within, stream_opened, with},
    server::Step::{self, Expect, Send, SendForever, WaitForClose},
};

/// Asserts that nothing was created, and returns the reason.
async fn unavailable(script: Vec<Step>) -> String {
    let (outcome, received) = register(vec![script]).await;
    let Err(RegistrarError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
    assert!(!received[0].contains("preauth"), "{}", received[0]);
    reason
}

#[tokio::test]
async fn nesting_is_bounded() {
    let deep = "<a>".repeat(200_000);
    let reason = unavailable(vec![Expect(">"), Send(format!("{}<stream:features>{deep}", head()))]).await;
    assert_eq!(reason, "the server does not speak XMPP: elements are nested too deeply");
    let deep = "<a xmlns='urn:x'>".repeat(15);
    let reason = unavailable(vec![Expect(">"), Send(format!("{}<stream:features>{deep}", head()))]).await;
    assert!(reason.contains("too deep"), "{reason}");
}

#[tokio::test]
async fn endless_input_is_cut_off() {
    let begin = format!("{}<stream:features>", head());
    for endless in ["<a xmlns='urn:x'/>", "words ", "&amp;", "<a b='"] {
        let reason =
            unavailable(vec![Expect(">"), Send(begin.clone()), SendForever(endless.to_owned())]).await;
        assert!(reason == "the server's answer is too long" || reason.contains("not speak XMPP"), "{reason}");
    }
    for endless in [" ", "<presence/>", "x"] {
        let reason =
            unavailable(vec![Expect(">"), Send(head().to_owned()), SendForever(endless.to_owned())]).await;
        assert_eq!(reason, "the server's answer is too long", "{endless}");
    }
    // The limit holds for all answers of a connection together.
    let script = with(preauth_accepted(), [Expect("</iq>"), SendForever("<presence/>".to_owned())]);
    let (outcome, _) = register(vec![script, vec![], vec![]]).await;
    assert_eq!(outcome, Err(RegistrarError::Unknown("the server's answer is too long".to_owned())));
}

#[tokio::test]
async fn malformed_xml_is_rejected() {
    let bomb = "<!DOCTYPE s [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>";
    for text in [
        "HTTP/1.1 400 Bad Request\r\n\r\n<html>".to_owned(),
        "\u{16}\u{3}\u{1}".to_owned(),
        bomb.to_owned(),
        format!("<?xml version='1.0'?>{bomb}"),
        format!("{}{bomb}", head()),
        format!("{}<!-- x -->", head()),
        format!("{}<?x y?>", head()),
        format!("{}<a>&b;</a>", head()),
        format!("{}<a></b>", head()),
        format!("{}<b:a/>", head()),
        format!("<?xml version='1.0' encoding='UTF-16'?>{}", &head()[21..]),
    ] {
        let reason = unavailable(vec![Expect(">"), Send(text.clone()), WaitForClose]).await;
        assert!(reason.starts_with("the server does not speak XMPP: "), "{text}: {reason}");
    }
}

#[tokio::test]
async fn another_kind_of_stream_is_rejected() {
    for head in ["<stream xmlns='urn:x'>", "<html>", "<a:stream xmlns:a='jabber:client'>", "<stream/>"] {
        let reason = unavailable(vec![Expect(">"), Send(head.to_owned()), WaitForClose]).await;
        assert_eq!(reason, "the server does not speak XMPP: another kind of XML", "{head}");
    }
    // Stanzas of a server-to-server stream are not answers.
    let head = head().replace("jabber:client", "jabber:server");
    let script = vec![Expect(">"), Send(format!("{head}<stream:features/>")), Expect("</iq>")];
    let script = with(script, [Send("<iq type='result' id='vestibule-1'/>".to_owned()), WaitForClose]);
    let (outcome, _) = register_within(SHORT_LIMITS, vec![script]).await;
    assert_eq!(outcome, Err(RegistrarError::Unavailable("the server did not answer in time".to_owned())));
}

#[tokio::test]
async fn a_silent_server_times_out() {
    let scripts = [
        vec![WaitForClose],
        vec![Expect(">"), WaitForClose],
        vec![Expect(">"), Send(head()[..40].to_owned()), WaitForClose],
        vec![Expect(">"), Send(head().to_owned()), WaitForClose],
        vec![Expect(">"), Send(format!("{}<stream:features>", head())), WaitForClose],
        with(stream_opened(""), [Expect("</iq>"), WaitForClose]),
    ];
    for (at, script) in scripts.into_iter().enumerate() {
        let (outcome, _) = register_within(SHORT_LIMITS, vec![script]).await;
        let silent = RegistrarError::Unavailable("the server did not answer in time".to_owned());
        assert_eq!(outcome, Err(silent), "{at}");
    }
}

#[tokio::test]
async fn a_closed_connection_is_not_an_answer() {
    let scripts = [
        vec![],
        vec![Expect(">")],
        vec![Expect(">"), Send(head()[..40].to_owned())],
        vec![Expect(">"), Send(head().to_owned())],
        vec![Expect(">"), Send(format!("{}</stream:stream>", head())), WaitForClose],
        stream_opened(""),
        with(stream_opened(""), [Expect("</iq>")]),
        with(stream_opened(""), [Expect("</iq>"), Send("<iq type='result' id='vestibule-1'".to_owned())]),
    ];
    for (at, script) in scripts.into_iter().enumerate() {
        let (outcome, received) = register(vec![script]).await;
        let closed = "the server closed the connection without an answer".to_owned();
        assert_eq!(outcome, Err(RegistrarError::Unavailable(closed)), "{at}");
        assert!(!received[0].contains("jabber:iq:register"), "{}", received[0]);
    }
}
