//! Servers that speak no sound XMPP, say too much, or nothing.

use vestibule_core::RegistrarError;

use crate::{
    fixture::{HASTY, admitted, head, opened, register, register_within, with},
    server::Step::{self, Babble, Hear, Hold, Say},
};

/// Nothing was made, and this is why.
async fn unavailable(script: Vec<Step>) -> String {
    let (outcome, heard) = register(vec![script]).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    assert!(!heard[0].contains("preauth"), "{}", heard[0]);
    words
}

#[tokio::test]
async fn depth_is_bounded() {
    let deep = "<a>".repeat(200_000);
    let words = unavailable(vec![Hear(">"), Say(format!("{}<stream:features>{deep}", head()))]).await;
    assert_eq!(words, "the server does not speak XMPP: elements are nested too deeply");
    let deep = "<a xmlns='urn:x'>".repeat(15);
    let words = unavailable(vec![Hear(">"), Say(format!("{}<stream:features>{deep}", head()))]).await;
    assert!(words.contains("too deep"), "{words}");
}

#[tokio::test]
async fn what_has_no_end_is_cut_off() {
    let begin = format!("{}<stream:features>", head());
    for babble in ["<a xmlns='urn:x'/>", "words ", "&amp;", "<a b='"] {
        let words = unavailable(vec![Hear(">"), Say(begin.clone()), Babble(babble.to_owned())]).await;
        assert!(words == "the server's answer is too long" || words.contains("not speak XMPP"), "{words}");
    }
    for babble in [" ", "<presence/>", "x"] {
        let words = unavailable(vec![Hear(">"), Say(head().to_owned()), Babble(babble.to_owned())]).await;
        assert_eq!(words, "the server's answer is too long", "{babble}");
    }
    // All answers of a connection together.
    let script = with(admitted(), [Hear("</iq>"), Babble("<presence/>".to_owned())]);
    let (outcome, _) = register(vec![script, vec![], vec![]]).await;
    assert_eq!(outcome, Err(RegistrarError::Unknown("the server's answer is too long".to_owned())));
}

#[tokio::test]
async fn what_is_no_xml_is_refused() {
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
        let words = unavailable(vec![Hear(">"), Say(text.clone()), Hold]).await;
        assert!(words.starts_with("the server does not speak XMPP: "), "{text}: {words}");
    }
}

#[tokio::test]
async fn another_kind_of_stream_is_refused() {
    for head in ["<stream xmlns='urn:x'>", "<html>", "<a:stream xmlns:a='jabber:client'>", "<stream/>"] {
        let words = unavailable(vec![Hear(">"), Say(head.to_owned()), Hold]).await;
        assert_eq!(words, "the server does not speak XMPP: another kind of XML", "{head}");
    }
    // Stanzas of a server-to-server stream are no answers.
    let head = head().replace("jabber:client", "jabber:server");
    let script = vec![Hear(">"), Say(format!("{head}<stream:features/>")), Hear("</iq>")];
    let script = with(script, [Say("<iq type='result' id='vestibule-1'/>".to_owned()), Hold]);
    let (outcome, _) = register_within(HASTY, vec![script]).await;
    assert_eq!(outcome, Err(RegistrarError::Unavailable("the server did not answer in time".to_owned())));
}

#[tokio::test]
async fn a_silent_server_is_not_waited_for() {
    let scripts = [
        vec![Hold],
        vec![Hear(">"), Hold],
        vec![Hear(">"), Say(head()[..40].to_owned()), Hold],
        vec![Hear(">"), Say(head().to_owned()), Hold],
        vec![Hear(">"), Say(format!("{}<stream:features>", head())), Hold],
        with(opened(""), [Hear("</iq>"), Hold]),
    ];
    for (at, script) in scripts.into_iter().enumerate() {
        let (outcome, _) = register_within(HASTY, vec![script]).await;
        let silent = RegistrarError::Unavailable("the server did not answer in time".to_owned());
        assert_eq!(outcome, Err(silent), "{at}");
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_has_not_answered() {
    let scripts = [
        vec![],
        vec![Hear(">")],
        vec![Hear(">"), Say(head()[..40].to_owned())],
        vec![Hear(">"), Say(head().to_owned())],
        vec![Hear(">"), Say(format!("{}</stream:stream>", head())), Hold],
        opened(""),
        with(opened(""), [Hear("</iq>")]),
        with(opened(""), [Hear("</iq>"), Say("<iq type='result' id='vestibule-1'".to_owned())]),
    ];
    for (at, script) in scripts.into_iter().enumerate() {
        let (outcome, heard) = register(vec![script]).await;
        let closed = "the server closed the connection without an answer".to_owned();
        assert_eq!(outcome, Err(RegistrarError::Unavailable(closed)), "{at}");
        assert!(!heard[0].contains("jabber:iq:register"), "{}", heard[0]);
    }
}
