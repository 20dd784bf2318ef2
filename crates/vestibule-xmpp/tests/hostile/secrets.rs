//! Nothing secret comes back out.

use vestibule_core::{Registrar, RegistrarError};

use crate::{
    scene::{PASSWORD, TOKEN, along, answered, application_of, error, opened, plain, register, with},
    server::{
        Server,
        Step::{Hear, Say},
    },
};

#[tokio::test]
async fn a_server_that_repeats_a_secret_is_not_quoted() {
    let password = "Tr0ub4dor&amp;3 &lt;&quot;&apos;&gt;";
    for (text, id) in [(password, "vestibule-2"), (TOKEN, "vestibule-2"), (TOKEN, "vestibule-1")] {
        let answer = error(id, "cancel", "not-allowed", &format!("You sent {text}!"));
        let script = match id {
            "vestibule-1" => with(opened(""), [Hear("</iq>"), Say(answer), Hear("</stream:stream>")]),
            _ => answered(answer),
        };
        let (outcome, _) = register(vec![script]).await;
        let shown = format!("{outcome:?} {}", outcome.as_ref().unwrap_err());
        assert!(!shown.contains(TOKEN) && !shown.contains(PASSWORD) && !shown.contains("Tr0ub"), "{shown}");
        assert!(shown.contains("You sent …!"), "{shown}");
    }
}

#[tokio::test]
async fn a_common_word_for_a_password_spoils_no_answer() {
    for (password, words) in [("password", "The … is too short."), ("is", "The password is too short.")] {
        let answer = error("vestibule-2", "modify", "not-acceptable", "The password is too short.");
        let server = Server::start(vec![answered(answer)]).await;
        let outcome = along(plain(server.address)).register(&application_of("juliet", password)).await;
        assert_eq!(outcome, Err(RegistrarError::PasswordNotAllowed(words.to_owned())));
    }
}

#[tokio::test]
async fn a_stream_that_breaks_with_a_secret_is_not_quoted() {
    for text in [
        format!("<{TOKEN}></b>"),
        format!("<iq id='{TOKEN}' id='{TOKEN}'/>"),
        format!("&{TOKEN};"),
        format!("<stream:error><{TOKEN} xmlns='x'/></stream:error>"),
    ] {
        let script = with(opened(""), [Hear("</iq>"), Say(text)]);
        let (outcome, _) = register(vec![script]).await;
        let shown = format!("{outcome:?} {}", outcome.as_ref().unwrap_err());
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}
