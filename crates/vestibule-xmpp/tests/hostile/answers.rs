//! What the answers of servers mean.

use vestibule_core::{Registrar, RegistrarError};

use crate::{
    fixture::{
        HASTY, TOKEN, admitted, along, answered, application_of, asked, error, opened, plain, register,
        register_within, registration, result, with,
    },
    server::{
        Server,
        Step::{Hear, Hold, Say},
    },
};

fn taken() -> RegistrarError {
    RegistrarError::UsernameTaken
}

fn refused(words: &str) -> RegistrarError {
    RegistrarError::Refused(words.to_owned())
}

fn away(words: &str) -> RegistrarError {
    RegistrarError::Unavailable(words.to_owned())
}

fn no_username(words: &str) -> RegistrarError {
    RegistrarError::UsernameNotAllowed(words.to_owned())
}

fn no_password(words: &str) -> RegistrarError {
    RegistrarError::PasswordNotAllowed(words.to_owned())
}

#[tokio::test]
async fn an_account_is_made() {
    let (outcome, heard) = register(vec![answered(result("vestibule-2"))]).await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(
        heard[0],
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
async fn a_token_is_answered() {
    let gone = RegistrarError::TokenRefused;
    for (kind, condition, text, expected) in [
        // Prosody, and the bridge.
        ("cancel", "forbidden", "This invite is not valid, or not any more.", gone.clone()),
        ("wait", "service-unavailable", "Please try again later.", away("Please try again later.")),
        ("modify", "policy-violation", "Encryption is required", RegistrarError::EncryptionUnavailable),
        // ejabberd.
        ("cancel", "item-not-found", "", gone.clone()),
        ("wait", "internal-server-error", "", away("internal server error")),
        ("cancel", "internal-server-error", "Database failure", away("Database failure")),
        // Servers that know nothing of tokens.
        ("cancel", "service-unavailable", "", refused("it takes no invites (XEP-0445)")),
        ("cancel", "feature-not-implemented", "", refused("it takes no invites (XEP-0445)")),
        // Others.
        ("wait", "forbidden", "Too many", away("Too many")),
        ("auth", "not-authorized", "", refused("not authorized")),
        ("cancel", "not-allowed", "two\nlines \u{202e}", refused("two lines")),
    ] {
        let answer = error("vestibule-1", kind, condition, text);
        let script = with(opened(""), [Hear("</iq>"), Say(answer), Hear("</stream:stream>")]);
        let (outcome, heard) = register(vec![script]).await;
        assert_eq!(outcome, Err(expected), "{kind} {condition} {text}");
        assert!(!heard[0].contains("jabber:iq:register"), "{}", heard[0]);
    }
}

#[tokio::test]
async fn a_registration_is_answered() {
    let other = "This invite is for another username.";
    let impossible = "The requested username is invalid.";
    let short = "Password too short, at least 10 characters.";
    for (kind, condition, text, expected) in [
        // Prosody, and the bridge.
        ("cancel", "conflict", "The requested username already exists.", taken()),
        ("cancel", "conflict", "This username is reserved for somebody else.", taken()),
        ("modify", "not-acceptable", other, no_username(other)),
        ("modify", "not-acceptable", impossible, no_username(impossible)),
        ("modify", "not-acceptable", short, no_password(short)),
        (
            "modify",
            "not-acceptable",
            "Username and password are alike",
            refused("Username and password are alike"),
        ),
        ("modify", "not-acceptable", "No.", refused("No.")),
        ("cancel", "forbidden", "This invite has been used.", RegistrarError::TokenRefused),
        ("cancel", "item-not-found", "There is no such account.", no_username("There is no such account.")),
        ("wait", "service-unavailable", "Later.", away("Later.")),
        (
            "wait",
            "internal-server-error",
            "Failed to write data to disk.",
            away("Failed to write data to disk."),
        ),
        ("wait", "policy-violation", "", away("policy violation")),
        ("cancel", "service-unavailable", "", refused("it lets nobody register")),
        ("cancel", "feature-not-implemented", "no room", refused("no room")),
        // ejabberd.
        ("wait", "internal-server-error", "{error,conflict}", taken()),
        ("cancel", "internal-server-error", "{error,{'not-acceptable',..}}", no_password("it is too weak")),
        ("wait", "internal-server-error", "{'jid-malformed'}", no_username("no address can have it")),
        ("modify", "jid-malformed", "", no_username("jid malformed")),
        ("cancel", "not-allowed", "", refused("not allowed")),
        ("wait", "resource-constraint", "", RegistrarError::Busy),
        // Nothing to go by.
        ("", "undefined-condition", "", refused("undefined condition")),
    ] {
        let (outcome, _) = register(vec![answered(error("vestibule-2", kind, condition, text))]).await;
        assert_eq!(outcome, Err(expected), "{kind} {condition} {text}");
    }
    let empty = "<iq type='error' id='vestibule-2'/>".to_owned();
    assert_eq!(register(vec![answered(empty)]).await.0, Err(refused("it gives no reason")));
}

#[tokio::test]
async fn a_server_that_wants_more_says_so() {
    let form = "<iq type='result' id='vestibule-3'><query xmlns='jabber:iq:register'><username/><password/><email/>\
                <x xmlns='jabber:x:data' type='form'><field var='username'><required/></field><field var='email' \
                type='text-single'><required/></field><field var='nick'/></x></query></iq>";
    let plain = "<iq type='result' id='vestibule-3'><query xmlns='jabber:iq:register'><username/><password/>\
                 <phone/></query></iq>";
    let silent = "<iq type='error' id='vestibule-3'/>";
    let words = "Email: Required value missing";
    for (condition, answer, expected) in [
        ("not-acceptable", form, RegistrarError::RequiresField("email".to_owned())),
        ("bad-request", plain, RegistrarError::RequiresField("phone".to_owned())),
        ("not-acceptable", silent, refused(words)),
    ] {
        let refusal = error("vestibule-2", "modify", condition, words);
        let script = with(
            asked(),
            [Say(refusal), Hear("id='vestibule-3'"), Say(answer.to_owned()), Hear("</stream:stream>")],
        );
        assert_eq!(register(vec![script]).await.0, Err(expected), "{condition} {answer}");
    }
    // Who is refused for another reason is not asked for more.
    let script = answered(error("vestibule-2", "cancel", "conflict", ""));
    let (_, heard) = register(vec![script]).await;
    assert!(!heard[0].contains("type='get'"), "{}", heard[0]);
}

#[tokio::test]
async fn a_server_that_requires_encryption_is_told_nothing_without() {
    let required = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
    let script = with(opened(required), [Hear("</stream:stream>")]);
    let (outcome, heard) = register(vec![script]).await;
    assert_eq!(outcome, Err(RegistrarError::EncryptionUnavailable));
    assert!(!heard[0].contains("<iq"), "{}", heard[0]);
}

#[tokio::test]
async fn words_are_cut_short() {
    let text = format!("&#9;{}", "word ".repeat(2000));
    let (outcome, _) = register(vec![answered(error("vestibule-2", "cancel", "not-allowed", &text))]).await;
    let Err(RegistrarError::Refused(words)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(words.chars().count(), 300);
    assert!(words.starts_with("word word") && words.ends_with('…'));
}

#[tokio::test]
async fn features_do_not_decide() {
    for features in ["", "<register xmlns='http://jabber.org/features/iq-register'/>", "<x xmlns='urn:x'/>"] {
        let script = with(
            opened(features),
            [
                Hear("</iq>"),
                Say(result("vestibule-1")),
                Hear("</iq>"),
                Say(result("vestibule-2")),
                Hear("</stream:stream>"),
            ],
        );
        assert_eq!(register(vec![script]).await.0, Ok(()), "{features}");
    }
}

#[tokio::test]
async fn only_the_answer_to_the_question_counts() {
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
        let (outcome, _) = register(vec![answered(format!("{stranger}{conflict}"))]).await;
        assert_eq!(outcome, Err(taken()), "{stranger}");
    }
    for good in ["from='a.example'", "from='A.Example' to='x@a.example/y'", "xml:lang='de'"] {
        let answer = format!("<iq type='result' id='vestibule-2' {good}/>");
        assert_eq!(register(vec![answered(answer)]).await.0, Ok(()), "{good}");
    }
}

#[tokio::test]
async fn an_answer_to_another_question_is_none() {
    let script = with(opened(""), [Hear("</iq>"), Say(result("another")), Hold]);
    let (outcome, heard) = register_within(HASTY, vec![script]).await;
    assert_eq!(outcome, Err(away("the server did not answer in time")));
    assert!(!heard[0].contains("jabber:iq:register"));
}

#[tokio::test]
async fn what_was_said_too_early_is_passed_over() {
    // On Prosody, the roster or a message of the day may come at any moment.
    let early = "<message from='a.example'><body>Welcome</body></message>\n<presence/>";
    let script = with(admitted(), [Say(early.to_owned()), Hear("</iq>"), Say(early.to_owned())]);
    let script = with(script, [Say(result("vestibule-2")), Hear("</stream:stream>")]);
    assert_eq!(register(vec![script]).await.0, Ok(()));
}

#[tokio::test]
async fn names_and_passwords_arrive_as_they_are() {
    for (username, password, sent) in [
        ("jürgen", "пароль", "<username>jürgen</username><password>пароль</password>"),
        ("x]]>", "]]>&amp;", "<username>x]]&gt;</username><password>]]&gt;&amp;amp;</password>"),
    ] {
        if vestibule_core::Username::parse(username).is_err() {
            continue;
        }
        let server = Server::start(vec![answered(result("vestibule-2"))]).await;
        let registrar = along(plain(server.address));
        assert_eq!(registrar.register(&application_of(username, password)).await, Ok(()));
        let heard = server.heard().await;
        assert!(heard[0].contains(sent), "{}", heard[0]);
    }
}

#[tokio::test]
async fn each_registration_has_its_own_connection() {
    let server = Server::start(vec![
        answered(error("vestibule-2", "cancel", "conflict", "")),
        answered(result("vestibule-2")),
    ])
    .await;
    let registrar = along(plain(server.address));
    assert_eq!(registrar.register(&registration()).await, Err(taken()));
    assert_eq!(registrar.register(&registration()).await, Ok(()));
    for heard in server.heard().await {
        assert_eq!(heard.matches("preauth").count(), 1, "{heard}");
    }
}

#[tokio::test]
async fn a_stream_that_is_refused_says_why() {
    let refusal = "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>\
                   </stream:stream>";
    let script = vec![Hear(">"), Say(format!("{}{refusal}", crate::fixture::head()))];
    let (outcome, _) = register(vec![script]).await;
    assert_eq!(outcome, Err(away("the server ended the stream: host-unknown")));
    let rude = "<stream:error>\u{7f}<A\u{e9}/></stream:error>";
    let script = with(opened(""), [Hear("</iq>"), Say(rude.to_owned())]);
    let (outcome, _) = register(vec![script]).await;
    assert_eq!(outcome, Err(away("the server ended the stream: for no reason that it gives")));
    // After the request that decides, this is no answer.
    let script = with(asked(), [Say("<stream:error><x xmlns='y'/></stream:error>".to_owned())]);
    let (outcome, _) = register(vec![script, vec![], vec![]]).await;
    assert_eq!(outcome, Err(RegistrarError::Unknown("the server ended the stream: x".to_owned())));
}
