//! A Vestibule, and a Prosody with the bridge.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::xmpp::{Login, Reply, Stream};
use vestibule_e2e::{CliOutput, Prosody, ProsodyBuilder, Version, Vestibule, VestibuleBuilder};

use crate::common::{HOST, eventually};

/// The timeout of events.
pub(crate) const SOON: Duration = Duration::from_secs(10);
/// The default password.
pub(crate) const PASSWORD: &str = "secret";

pub(crate) struct TestServer {
    pub(crate) vestibule: Vestibule,
    pub(crate) prosody: Prosody,
    pub(crate) key: String,
    client: Client,
}

impl TestServer {
    pub(crate) fn new(version: Version) -> Self {
        Self::with(version, |builder| builder)
    }

    /// Creates one with more settings of Prosody.
    pub(crate) fn with(version: Version, more: impl FnOnce(ProsodyBuilder) -> ProsodyBuilder) -> Self {
        Self::of(Vestibule::builder(), version, more)
    }

    /// Creates one with settings of both.
    pub(crate) fn of(
        vestibule: VestibuleBuilder,
        version: Version,
        more: impl FnOnce(ProsodyBuilder) -> ProsodyBuilder,
    ) -> Self {
        let vestibule = vestibule.start().unwrap();
        let url = vestibule.url();
        Self::asking(vestibule, &url, version, more)
    }

    /// Creates one whose Prosody uses another address.
    pub(crate) fn asking(
        vestibule: Vestibule,
        url: &str,
        version: Version,
        more: impl FnOnce(ProsodyBuilder) -> ProsodyBuilder,
    ) -> Self {
        let key = vestibule.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
        let builder =
            Prosody::builder().version(version).bridge(url, &key).config("admins = { \"admin@localhost\" }");
        let prosody = more(builder).start().unwrap();
        Self { vestibule, prosody, key, client: Client::new() }
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

    pub(crate) fn mint(&self, wishes: &Value) -> Invite {
        let (status, value) = self.api("POST", "/v1/invites", Some(wishes));
        assert_eq!(status, 201, "{value}");
        let text = |name: &str| value[name].as_str().expect("text").to_owned();
        Invite { id: text("id"), token: text("token") }
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

    /// Waits until an invite has this state, because Prosody completes a claim after it has answered the app.
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

    /// Opens a stream without authentication.
    pub(crate) fn guest(&self) -> Stream {
        Stream::open(self.prosody.c2s_addr(), HOST).unwrap()
    }

    /// Opens a stream with a checked token.
    pub(crate) fn admitted(&self, invite: &Invite) -> Stream {
        let mut guest = self.guest();
        let reply = guest.preauth(&invite.token).unwrap();
        assert!(reply.is_ok(), "{reply:?}\n{}", self.prosody.log());
        guest
    }

    /// Creates an account and logs in.
    pub(crate) fn member(&self, username: &str) -> Stream {
        self.prosody.add_account(username, PASSWORD).unwrap();
        let mut stream = self.guest();
        assert!(stream.login(username, PASSWORD).unwrap());
        stream
    }

    /// Returns a login of another client library to an existing account.
    pub(crate) fn other_client<'a>(&self, jid: &'a str) -> Login<'a> {
        Login { addr: self.prosody.c2s_addr(), jid, password: PASSWORD, ca_file: None }
    }

    pub(crate) fn can_log_in(&self, username: &str, password: &str) -> bool {
        self.guest().login(username, password).unwrap()
    }

    /// Reloads the bridge's module of invites.
    pub(crate) fn reload_module(&self) {
        let output = match self.prosody.version() {
            Version::V012 => self.prosody.ctl(&["shell", "module:reload('invites', 'localhost')"]),
            Version::V13 => self.prosody.ctl(&["shell", "module", "reload", "invites", "localhost"]),
        };
        assert!(output.as_ref().is_ok_and(CliOutput::success), "{output:?}");
    }

    /// Asserts that a registration with a new invite works.
    pub(crate) fn assert_works(&self, username: &str) {
        let invite = self.mint(&json!({}));
        let reply = self.admitted(&invite).register(username, PASSWORD).unwrap();
        assert!(reply.is_ok(), "{reply:?}");
        assert!(self.can_log_in(username, PASSWORD));
        self.becomes(&invite, "used");
    }
}

/// A stanza that registers an account in-band.
pub(crate) fn registration(id: &str, username: &str) -> String {
    format!(
        "<iq type='set' id='{id}'><query xmlns='jabber:iq:register'><username>{username}</username>\
         <password>{PASSWORD}</password></query></iq>"
    )
}

/// The token and ID of an invite.
#[derive(Debug, Clone)]
pub(crate) struct Invite {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// Asserts that the reply is this refusal.
pub(crate) fn assert_refused(reply: &Reply, kind: &str, condition: &str) {
    assert_eq!(reply.refusal(), Some((kind, condition)), "{reply:?}");
    let Reply::Refused { text, .. } = reply else { return };
    assert!(!text.is_empty(), "no text: {reply:?}");
}
