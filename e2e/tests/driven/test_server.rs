//! A Vestibule, and a server whose accounts it administers.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::Vestibule;
use vestibule_e2e::http::{Client, Response};
use vestibule_e2e::xmpp::Stream;

use crate::common::{HOST, eventually};
use crate::way::{SECRET, Server, Way};

/// The timeout of events.
pub(crate) const SOON: Duration = Duration::from_mins(3);
/// A good password.
pub(crate) const PASSWORD: &str = "lamp orchid 47 teapot";

pub(crate) struct TestServer {
    pub(crate) vestibule: Vestibule,
    pub(crate) server: Server,
    pub(crate) client: Client,
    key: String,
    directory: TempDir,
}

impl TestServer {
    pub(crate) fn new(way: Way) -> Self {
        let server = way.start();
        let settings = match way {
            Way::Api(_) => {
                format!("accounts = \"ejabberd-api\"\napi_url = \"{}\"\n", server.ejabberd().api_url())
            }
            Way::EjabberdAdmin(_) | Way::ProsodyAdmin(_) => {
                format!(
                    "accounts = \"admin-commands\"\nadmin = \"admin@{HOST}\"\nadmin_password_file = \"SECRET\"\n"
                )
            }
        };
        Self::with(server, &settings)
    }

    /// Creates one with these settings of the server. `SECRET` stands for the file with the password.
    pub(crate) fn with(server: Server, settings: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let (file, secret) = (directory.path().join("vestibule.toml"), directory.path().join("secret"));
        fs::write(&secret, format!("{SECRET}\n")).unwrap();
        fs::write(&file, config(&server, &directory, settings)).unwrap();
        let vestibule = Vestibule::builder().arg("--config").arg(&file).start().unwrap();
        let scopes = "invites:create,invites:contact,invites:reset,invites:manage";
        let key = vestibule.create_key_with(HOST, &["test", "--scope", scopes]).unwrap();
        Self { vestibule, server, client: Client::new(), key, directory }
    }

    /// Returns the path of the configuration file.
    pub(crate) fn config_file(&self) -> String {
        self.directory.path().join("vestibule.toml").display().to_string()
    }

    /// Changes the settings of the server, and reloads them.
    pub(crate) fn reconfigure(&mut self, settings: &str) {
        let before = self.vestibule.stderr().matches("the configuration was reloaded").count();
        let file = self.directory.path().join("vestibule.toml");
        fs::write(&file, config(&self.server, &self.directory, settings)).unwrap();
        self.vestibule.reload();
        eventually("the configuration is reloaded", SOON, || {
            self.vestibule.stderr().matches("the configuration was reloaded").count() > before
        });
    }

    fn api(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
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
        let text = |name: &str| value[name].as_str().expect("text").to_owned();
        Invite { id: text("id"), token: text("token") }
    }

    /// Returns an invite and its redemptions.
    pub(crate) fn show(&self, invite: &Invite) -> Value {
        let (status, value) = self.api("GET", &format!("/v1/invites/{}", invite.id), None);
        assert_eq!(status, 200, "{value}");
        value
    }

    /// The addresses that redeemed an invite, and how.
    pub(crate) fn redeemed_by(&self, invite: &Invite) -> Vec<String> {
        let invite = self.show(invite);
        let redemptions = invite["redemptions"].as_array().expect("a list");
        let text = |one: &Value| {
            format!("{} {}", one["jid"].as_str().expect("text"), one["via"].as_str().expect("text"))
        };
        redemptions.iter().map(text).collect()
    }

    /// The landing page of an invite.
    pub(crate) fn page(&self, invite: &Invite) -> Response {
        self.client.get(&format!("{}/invite/{}", self.vestibule.url(), invite.token)).unwrap()
    }

    /// Sends the form for a new account.
    pub(crate) fn register(&self, invite: &Invite, username: &str) -> Response {
        self.post(
            &format!("/invite/{}/register", invite.token),
            &[("username", username), ("password", PASSWORD)],
        )
    }

    /// Sends a form, with the grant of its page.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.vestibule.url());
        let page = self.client.get(&url).unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        let grant = hidden(&page.text(), "grant");
        self.send_form(path, &grant, fields)
    }

    /// Opens a form and returns its grant.
    pub(crate) fn grant(&self, path: &str) -> String {
        let page = self.client.get(&format!("{}{path}", self.vestibule.url())).unwrap();
        hidden(&page.text(), "grant")
    }

    /// Sends a form with this grant.
    pub(crate) fn send_form(&self, path: &str, grant: &str, fields: &[(&str, &str)]) -> Response {
        let url = format!("{}{path}", self.vestibule.url());
        let pair = |name: &str, value: &str| format!("{name}={}", value.replace(' ', "+"));
        let mut form: Vec<_> = fields.iter().map(|(name, value)| pair(name, value)).collect();
        form.push(pair("grant", grant));
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.client.send("POST", &url, &headers, Some(form.join("&").as_bytes())).unwrap()
    }

    pub(crate) fn guest(&self) -> Stream {
        Stream::open(self.server.c2s_addr(), HOST).unwrap()
    }

    pub(crate) fn can_log_in(&self, username: &str, password: &str) -> bool {
        self.guest().login(username, password).unwrap()
    }

    /// The contacts of an account and their subscriptions.
    pub(crate) fn contacts(&self, username: &str) -> Vec<(String, String)> {
        let mut stream = self.guest();
        assert!(stream.login(username, PASSWORD).unwrap());
        stream.roster().unwrap()
    }

    /// Asserts that no use is spent or claimed.
    pub(crate) fn assert_unspent(&self, invite: &Invite) {
        let shown = self.show(invite);
        assert_eq!((&shown["uses"], &shown["state"]), (&json!(0), &json!("pending")), "{shown}");
    }

    /// Asserts that nothing secret is in the log.
    pub(crate) fn assert_clean_log(&self, invites: &[&Invite]) {
        let log = self.vestibule.stderr();
        for secret in [PASSWORD, SECRET].into_iter().chain(invites.iter().map(|invite| invite.token.as_str()))
        {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
    }
}

fn config(server: &Server, directory: &TempDir, settings: &str) -> String {
    let secret = directory.path().join("secret").display().to_string();
    let settings = settings.replace("SECRET", &secret);
    let c2s = server.c2s_addr();
    format!("[hosts.\"{HOST}\".xmpp]\nc2s = \"{c2s}\"\ntls = \"none\"\n{settings}")
}

/// The token and ID of an invite.
#[derive(Debug, Clone)]
pub(crate) struct Invite {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// Returns the value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    let begin = page[..at].rfind('<').expect("an element");
    let element = &page[begin..begin + page[begin..].find('>').expect("its end")];
    let value = element.split("value=\"").nth(1).unwrap_or_else(|| panic!("no value: {element}"));
    value.split('"').next().expect("a quote").to_owned()
}
