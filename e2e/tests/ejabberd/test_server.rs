//! A Vestibule, and an ejabberd that stores its invites there.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::xmpp::{Login, Reply, Stream};
use vestibule_e2e::{Ejabberd, EjabberdBuilder, Vestibule};

use crate::common::{HOST, eventually};
use crate::relay::{Mode, Relay};

/// The timeout of events.
pub(crate) const SOON: Duration = Duration::from_secs(20);
/// The default password.
pub(crate) const PASSWORD: &str = "secret";

pub(crate) struct TestServer {
    pub(crate) vestibule: Vestibule,
    pub(crate) ejabberd: Ejabberd,
    pub(crate) key: String,
    pub(crate) client: Client,
}

impl TestServer {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    /// Creates one with more settings of ejabberd.
    pub(crate) fn with(more: impl FnOnce(EjabberdBuilder) -> EjabberdBuilder) -> Self {
        let vestibule = Vestibule::builder().start().unwrap();
        let url = vestibule.url();
        Self::asking(vestibule, &url, more)
    }

    /// Creates one whose requests to Vestibule pass a relay.
    pub(crate) fn relayed() -> (Self, Relay) {
        let vestibule = Vestibule::builder().start().unwrap();
        let relay = Relay::start(Mode::To(vestibule.addr()));
        let url = relay.url();
        (Self::asking(vestibule, &url, |builder| builder), relay)
    }

    /// Creates one whose ejabberd uses this address.
    pub(crate) fn asking(
        vestibule: Vestibule,
        url: &str,
        more: impl FnOnce(EjabberdBuilder) -> EjabberdBuilder,
    ) -> Self {
        let key = vestibule.create_key_with(HOST, &["ejabberd", "--scope", "bridge"]).unwrap();
        let ejabberd = more(Ejabberd::builder().bridge(url, &key)).start().unwrap();
        Self { vestibule, ejabberd, key, client: Client::new() }
    }

    /// Sends a request to Vestibule's API.
    pub(crate) fn api(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.vestibule.url());
        let bearer = format!("Bearer {}", self.key);
        let body = body.map(|value| value.to_string().into_bytes());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let answer = self.client.send(method, &url, &headers, body.as_deref()).unwrap();
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    pub(crate) fn create(&self, request: &Value) -> Invite {
        let (status, value) = self.api("POST", "/v1/invites", Some(request));
        assert_eq!(status, 201, "{value}");
        Invite::of(&value)
    }

    /// Returns an invite and its redemptions.
    pub(crate) fn show(&self, invite: &Invite) -> Value {
        let (status, value) = self.api("GET", &format!("/v1/invites/{}", invite.id), None);
        assert_eq!(status, 200, "{value}");
        value
    }

    /// Returns all invites, newest first.
    pub(crate) fn invites(&self) -> Vec<Value> {
        let (status, value) = self.api("GET", "/v1/invites", None);
        assert_eq!(status, 200, "{value}");
        value["items"].as_array().expect("a list").clone()
    }

    pub(crate) fn revoke(&self, invite: &Invite) {
        assert_eq!(self.api("DELETE", &format!("/v1/invites/{}", invite.id), None).0, 204);
    }

    /// Waits until an invite has this state, because a claim is completed after the app has its answer.
    pub(crate) fn becomes(&self, invite: &Invite, state: &str) {
        eventually(&format!("the invite is {state}"), SOON, || self.show(invite)["state"] == state);
    }

    /// Waits until a redemption is recorded, and returns its account and `via`.
    pub(crate) fn redeemed_by(&self, invite: &Invite) -> (String, String) {
        let all = || self.show(invite)["redemptions"].as_array().expect("a list").clone();
        eventually("a redemption is recorded", SOON, || !all().is_empty());
        let redemptions = all();
        assert_eq!(redemptions.len(), 1, "{redemptions:?}");
        let text = |name: &str| redemptions[0][name].as_str().expect("text").to_owned();
        (text("jid"), text("via"))
    }

    /// Asserts that no use is spent or claimed.
    pub(crate) fn assert_unspent(&self, invite: &Invite) {
        self.assert_unspent_within(invite, SOON);
    }

    pub(crate) fn assert_unspent_within(&self, invite: &Invite, limit: Duration) {
        eventually("the use is free", limit, || {
            let body = json!({ "token": invite.token, "username": "somebodyelse" });
            let (status, claimed) = self.api("POST", "/v1/redemptions", Some(&body));
            let path = format!("/v1/redemptions/{}", claimed["claim"].as_str().unwrap_or_default());
            status == 201 && self.api("DELETE", &path, None).0 == 204
        });
        assert_eq!(self.show(invite)["uses"], 0);
    }

    /// Opens a stream without authentication.
    pub(crate) fn guest(&self) -> Stream {
        Stream::open(self.ejabberd.c2s_addr(), HOST).unwrap()
    }

    /// Opens a stream with a checked token.
    pub(crate) fn admitted(&self, invite: &Invite) -> Stream {
        let mut guest = self.guest();
        let reply = guest.preauth(&invite.token).unwrap();
        assert!(reply.is_ok(), "{reply:?}\n{}", self.ejabberd.log());
        guest
    }

    /// Creates an account and logs in.
    pub(crate) fn member(&self, username: &str) -> Stream {
        self.add_account(username);
        self.logged_in(username, PASSWORD)
    }

    /// Creates an account.
    pub(crate) fn add_account(&self, username: &str) {
        self.ejabberd.add_account(username, PASSWORD).unwrap();
    }

    pub(crate) fn logged_in(&self, username: &str, password: &str) -> Stream {
        let mut stream = self.guest();
        assert!(stream.login(username, password).unwrap());
        stream
    }

    /// Returns a login of another client library to an existing account.
    pub(crate) fn other_client<'a>(&self, jid: &'a str) -> Login<'a> {
        Login { addr: self.ejabberd.c2s_addr(), jid, password: PASSWORD, ca_file: None }
    }

    pub(crate) fn can_log_in(&self, username: &str, password: &str) -> bool {
        // On a busy system, ejabberd sometimes closes a stream without an answer.
        let mut answers = (0..3).filter_map(|_| self.guest().login(username, password).ok());
        answers.next().expect("an answer to one of three logins")
    }

    /// Asserts that a registration with a new invite works.
    pub(crate) fn assert_works(&self, username: &str) {
        let invite = self.create(&json!({}));
        let reply = self.admitted(&invite).register(username, PASSWORD).unwrap();
        assert!(reply.is_ok(), "{reply:?}\n{}", self.ejabberd.log());
        assert!(self.can_log_in(username, PASSWORD));
        self.becomes(&invite, "used");
    }

    /// Returns the number of lines of the log with this text.
    pub(crate) fn logged(&self, text: &str) -> usize {
        self.ejabberd.log().lines().filter(|line| line.contains(text)).count()
    }

    /// Asserts that no handler has crashed, and that nothing secret is in the log.
    pub(crate) fn assert_clean_log(&self, invites: &[&Invite]) {
        let log = self.ejabberd.log();
        for text in ["Stacktrace", "CRASH REPORT", "badmatch", "function_clause"] {
            assert!(!log.contains(text), "{text}: {log}");
        }
        let (_, secret) = self.key.split_once('/').expect("ID/SECRET");
        assert!(!log.contains(secret), "the log contains the key");
        for invite in invites {
            assert!(!log.contains(&invite.token), "the log contains a token: {log}");
        }
    }
}

/// The token and ID of an invite.
#[derive(Debug, Clone)]
pub(crate) struct Invite {
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Invite {
    pub(crate) fn of(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().expect("text").to_owned();
        Self { id: text("id"), token: text("token") }
    }
}

/// Asserts that the reply is this refusal, with a text.
pub(crate) fn assert_refused(reply: &Reply, kind: &str, condition: &str) {
    assert_eq!(reply.refusal(), Some((kind, condition)), "{reply:?}");
    let Reply::Refused { text, .. } = reply else { return };
    assert!(!text.is_empty(), "no text: {reply:?}");
}
