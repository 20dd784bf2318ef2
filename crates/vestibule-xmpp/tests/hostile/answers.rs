//! The meaning of the answers of servers.

use vestibule_core::{Registrar, RegistrarError};

use crate::{
    fixture::{
        SHORT_LIMITS, TOKEN, error, preauth_accepted, register, register_answered, register_within,
        registrar_for, registration, registration_of, result, stream_opened, unencrypted, until_register,
        with,
    },
    server::{
        Server,
        Step::{Expect, Send, WaitForClose},
    },
};

fn username_taken() -> RegistrarError {
    RegistrarError::UsernameTaken
}

fn refused(reason: &str) -> RegistrarError {
    RegistrarError::Refused(reason.to_owned())
}

fn unavailable(reason: &str) -> RegistrarError {
    RegistrarError::Unavailable(reason.to_owned())
}

fn username_not_allowed(reason: &str) -> RegistrarError {
    RegistrarError::UsernameNotAllowed(reason.to_owned())
}

fn password_not_allowed(reason: &str) -> RegistrarError {
    RegistrarError::PasswordNotAllowed(reason.to_owned())
}

#[tokio::test]
async fn an_account_is_created() {
    let (outcome, received) = register(vec![register_answered(result("vestibule-2"))]).await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(
        received[0],
        format!(
            "<?xml version='1.0'?><stream:stream to='a.example' version='1.0' xml:lang='en' xmlns='jabber:client' \
             xmlns:stream='http://etherx.jabber.org/streams'>\
             <iq type='set' id='vestibule-1' to='a.example'><preauth xmlns='urn:xmpp:pars:0' token='{TOKEN}'/></iq>\
             <iq type='set' id='vestibule-2' to='a.example'><query xmlns='jabber:iq:register'>\
             <username>juliet</username><password>Tr0ub4dor&amp;3 &lt;&quot;&apos;&gt;</password></query></iq>\
             </stream:stream>"
        )
    );
}

#[tokio::test]
async fn answers_to_a_token_are_mapped_to_errors() {
    let gone = RegistrarError::TokenRefused;
    for (kind, condition, text, expected) in [
        // Prosody, and the bridge.
        ("cancel", "forbidden", "This invite is not valid, or not any more.", gone.clone()),
        ("wait", "service-unavailable", "Please try again later.", unavailable("Please try again later.")),
        ("modify", "policy-violation", "Encryption is required", RegistrarError::EncryptionUnavailable),
        // ejabberd.
        ("cancel", "item-not-found", "", gone.clone()),
        ("wait", "internal-server-error", "", unavailable("internal server error")),
        ("cancel", "internal-server-error", "Database failure", unavailable("Database failure")),
        // Servers without support for tokens.
        ("cancel", "service-unavailable", "", refused("it does not support invites (XEP-0445)")),
        ("cancel", "feature-not-implemented", "", refused("it does not support invites (XEP-0445)")),
        // Others.
        ("wait", "forbidden", "Too many", unavailable("Too many")),
        ("auth", "not-authorized", "", refused("not authorized")),
        ("cancel", "not-allowed", "two\nlines \u{202e}", refused("two lines")),
    ] {
        let answer = error("vestibule-1", kind, condition, text);
        let script = with(stream_opened(""), [Expect("</iq>"), Send(answer), Expect("</stream:stream>")]);
        let (outcome, received) = register(vec![script]).await;
        assert_eq!(outcome, Err(expected), "{kind} {condition} {text}");
        assert!(!received[0].contains("jabber:iq:register"), "{}", received[0]);
    }
}

#[tokio::test]
async fn answers_to_a_registration_are_mapped_to_errors() {
    let other = "This invite is for another username.";
    let impossible = "The requested username is invalid.";
    let short = "Password too short, at least 10 characters.";
    for (kind, condition, text, expected) in [
        // Prosody, and the bridge.
        ("cancel", "conflict", "The requested username already exists.", username_taken()),
        ("cancel", "conflict", "This username is reserved for somebody else.", username_taken()),
        ("modify", "not-acceptable", other, username_not_allowed(other)),
        ("modify", "not-acceptable", impossible, username_not_allowed(impossible)),
        ("modify", "not-acceptable", short, password_not_allowed(short)),
        (
            "modify",
            "not-acceptable",
            "Username and password are alike",
            refused("Username and password are alike"),
        ),
        ("modify", "not-acceptable", "No.", refused("No.")),
        ("cancel", "forbidden", "This invite has been used.", RegistrarError::TokenRefused),
        (
            "cancel",
            "item-not-found",
            "There is no such account.",
            username_not_allowed("There is no such account."),
        ),
        ("wait", "service-unavailable", "Later.", unavailable("Later.")),
        (
            "wait",
            "internal-server-error",
            "Failed to write data to disk.",
            unavailable("Failed to write data to disk."),
        ),
        ("wait", "policy-violation", "", unavailable("policy violation")),
        ("cancel", "service-unavailable", "", refused("registration is disabled")),
        ("cancel", "feature-not-implemented", "no room", refused("no room")),
        // ejabberd.
        ("wait", "internal-server-error", "{error,conflict}", username_taken()),
        (
            "cancel",
            "internal-server-error",
            "{error,{'not-acceptable',..}}",
            password_not_allowed("it is too weak"),
        ),
        (
            "wait",
            "internal-server-error",
            "{'jid-malformed'}",
            username_not_allowed("it is not a valid username"),
        ),
        ("modify", "jid-malformed", "", username_not_allowed("jid malformed")),
        ("cancel", "not-allowed", "", refused("not allowed")),
        ("wait", "resource-constraint", "", RegistrarError::Busy),
        // Without a known condition.
        ("", "undefined-condition", "", refused("undefined condition")),
    ] {
        let (outcome, _) =
            register(vec![register_answered(error("vestibule-2", kind, condition, text))]).await;
        assert_eq!(outcome, Err(expected), "{kind} {condition} {text}");
    }
    let empty = "<iq type='error' id='vestibule-2'/>".to_owned();
    assert_eq!(register(vec![register_answered(empty)]).await.0, Err(refused("it gives no reason")));
}

#[tokio::test]
async fn a_required_field_is_reported() {
    let form = "<iq type='result' id='vestibule-3'><query xmlns='jabber:iq:register'><username/><password/><email/>\
                <x xmlns='jabber:x:data' type='form'><field var='username'><required/></field><field var='email' \
                type='text-single'><required/></field><field var='nick'/></x></query></iq>";
    let unencrypted = "<iq type='result' id='vestibule-3'><query xmlns='jabber:iq:register'><username/><password/>\
                 <phone/></query></iq>";
    let silent = "<iq type='error' id='vestibule-3'/>";
    let reason = "Email: Required value missing";
    for (condition, answer, expected) in [
        ("not-acceptable", form, RegistrarError::RequiresField("email".to_owned())),
        ("bad-request", unencrypted, RegistrarError::RequiresField("phone".to_owned())),
        ("not-acceptable", silent, refused(reason)),
    ] {
        let refusal = error("vestibule-2", "modify", condition, reason);
        let script = with(
            until_register(),
            [Send(refusal), Expect("id='vestibule-3'"), Send(answer.to_owned()), Expect("</stream:stream>")],
        );
        assert_eq!(register(vec![script]).await.0, Err(expected), "{condition} {answer}");
    }
    // After another refusal, the required fields are not requested.
    let script = register_answered(error("vestibule-2", "cancel", "conflict", ""));
    let (_, received) = register(vec![script]).await;
    assert!(!received[0].contains("type='get'"), "{}", received[0]);
}

#[tokio::test]
async fn nothing_is_sent_unencrypted_to_a_server_that_requires_encryption() {
    let required = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
    let script = with(stream_opened(required), [Expect("</stream:stream>")]);
    let (outcome, received) = register(vec![script]).await;
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    assert!(!received[0].contains("<iq"), "{}", received[0]);
}

#[tokio::test]
async fn long_texts_are_shortened() {
    let text = format!("&#9;{}", "word ".repeat(2000));
    let (outcome, _) =
        register(vec![register_answered(error("vestibule-2", "cancel", "not-allowed", &text))]).await;
    let Err(RegistrarError::Refused(reason)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reason.chars().count(), 300);
    assert!(reason.starts_with("word word") && reason.ends_with('…'));
}

#[tokio::test]
async fn features_do_not_determine_the_outcome() {
    for features in ["", "<register xmlns='http://jabber.org/features/iq-register'/>", "<x xmlns='urn:x'/>"] {
        let script = with(
            stream_opened(features),
            [
                Expect("</iq>"),
                Send(result("vestibule-1")),
                Expect("</iq>"),
                Send(result("vestibule-2")),
                Expect("</stream:stream>"),
            ],
        );
        assert_eq!(register(vec![script]).await.0, Ok(()), "{features}");
    }
}

#[tokio::test]
async fn only_the_answer_to_the_request_counts() {
    for stranger in [
        "<iq type='result' id='vestibule-20'/>",
        "<iq type='result'/>",
        "<iq type='result' id='vestibule-1'/>",
        "<iq type='result' id='vestibule-2' from='b.example'/>",
        "<iq type='result' id='vestibule-2' from='juliet@a.example'/>",
        "<iq type='result' id='vestibule-2' from=''/>",
        "<iq type='set' id='vestibule-2'/>",
        "<iq id='vestibule-2'/>",
        "<iq type='result' id='vestibule-2' xmlns='jabber:server'/>",
        "<message type='result' id='vestibule-2'/>",
        "<a xmlns='jabber:client'><iq type='result' id='vestibule-2'/></a>",
    ] {
        let conflict = error("vestibule-2", "cancel", "conflict", "");
        let (outcome, _) = register(vec![register_answered(format!("{stranger}{conflict}"))]).await;
        assert_eq!(outcome, Err(username_taken()), "{stranger}");
    }
    for good in ["from='a.example'", "from='A.Example' to='x@a.example/y'", "xml:lang='de'"] {
        let answer = format!("<iq type='result' id='vestibule-2' {good}/>");
        assert_eq!(register(vec![register_answered(answer)]).await.0, Ok(()), "{good}");
    }
}

#[tokio::test]
async fn an_answer_to_another_request_is_ignored() {
    let script = with(stream_opened(""), [Expect("</iq>"), Send(result("another")), WaitForClose]);
    let (outcome, received) = register_within(SHORT_LIMITS, vec![script]).await;
    assert_eq!(outcome, Err(unavailable("the server did not answer in time")));
    assert!(!received[0].contains("jabber:iq:register"));
}

#[tokio::test]
async fn early_stanzas_are_skipped() {
    // Prosody can send the roster or a message of the day at any time.
    let early = "<message from='a.example'><body>Welcome</body></message>\n<presence/>";
    let script = with(preauth_accepted(), [Send(early.to_owned()), Expect("</iq>"), Send(early.to_owned())]);
    let script = with(script, [Send(result("vestibule-2")), Expect("</stream:stream>")]);
    assert_eq!(register(vec![script]).await.0, Ok(()));
}

#[tokio::test]
async fn names_and_passwords_arrive_unchanged() {
    for (username, password, sent) in [
        ("jürgen", "пароль", "<username>jürgen</username><password>пароль</password>"),
        ("x]]>", "]]>&amp;", "<username>x]]&gt;</username><password>]]&gt;&amp;amp;</password>"),
    ] {
        if vestibule_core::Username::parse(username).is_err() {
            continue;
        }
        let server = Server::start(vec![register_answered(result("vestibule-2"))]).await;
        let registrar = registrar_for(unencrypted(server.address));
        assert_eq!(registrar.register(&registration_of(username, password)).await, Ok(()));
        let received = server.received().await;
        assert!(received[0].contains(sent), "{}", received[0]);
    }
}

#[tokio::test]
async fn each_registration_has_its_own_connection() {
    let server = Server::start(vec![
        register_answered(error("vestibule-2", "cancel", "conflict", "")),
        register_answered(result("vestibule-2")),
    ])
    .await;
    let registrar = registrar_for(unencrypted(server.address));
    assert_eq!(registrar.register(&registration()).await, Err(username_taken()));
    assert_eq!(registrar.register(&registration()).await, Ok(()));
    for received in server.received().await {
        assert_eq!(received.matches("preauth").count(), 1, "{received}");
    }
}

#[tokio::test]
async fn a_stream_error_is_reported() {
    let refusal = "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>\
                   </stream:stream>";
    let script = vec![Expect(">"), Send(format!("{}{refusal}", crate::fixture::head()))];
    let (outcome, _) = register(vec![script]).await;
    assert_eq!(outcome, Err(unavailable("the server ended the stream: host-unknown")));
    let rude = "<stream:error>\u{7f}<A\u{e9}/></stream:error>";
    let script = with(stream_opened(""), [Expect("</iq>"), Send(rude.to_owned())]);
    let (outcome, _) = register(vec![script]).await;
    assert_eq!(outcome, Err(unavailable("the server ended the stream: without a reason")));
    // After the registration request, a stream error is not an answer.
    let script = with(until_register(), [Send("<stream:error><x xmlns='y'/></stream:error>".to_owned())]);
    let (outcome, _) = register(vec![script, vec![], vec![]]).await;
    assert_eq!(outcome, Err(RegistrarError::Unknown("the server ended the stream: x".to_owned())));
}
