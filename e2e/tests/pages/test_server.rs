//! A Vestibule with custom site settings, and a Prosody for the accounts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::http::Client;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Prosody, Tab, Version, Vestibule, free_port};

use crate::common::HOST;

/// A host with an unreachable XMPP server.
pub(crate) const AWAY: &str = "away.example";
/// A password that the form accepts.
pub(crate) const PASSWORD: &str = "lamp orchid 47 teapot";
/// The submit button of every form.
pub(crate) const SEND: &str = "[type=submit]";

/// The timeout of events that Prosody reports to Vestibule.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// Returns the directory of the screenshots.
pub(crate) fn screenshots() -> PathBuf {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
    fs::create_dir_all(&directory).unwrap();
    directory
}

pub(crate) struct TestServer {
    pub(crate) vestibule: Vestibule,
    pub(crate) prosody: Prosody,
    key: String,
    pub(crate) client: Client,
    _directory: TempDir,
}

impl TestServer {
    pub(crate) fn new(version: Version) -> Self {
        let directory = TempDir::new().unwrap();
        let c2s = free_port().unwrap();
        let file = directory.path().join("vestibule.toml");
        let logo = directory.path().join("logo.svg");
        fs::write(&logo, LOGO).unwrap();
        fs::write(&file, configuration(c2s, &logo)).unwrap();
        let vestibule = Vestibule::builder().host(HOST).arg("--config").arg(&file).start().unwrap();
        let key = vestibule.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
        let prosody = Prosody::builder().version(version).c2s_port(c2s).bridge(&vestibule.url(), &key);
        let prosody = prosody.start().unwrap();
        Self { vestibule, prosody, key, client: Client::new(), _directory: directory }
    }

    fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let bearer = format!("Bearer {}", self.key);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = body.map(|value| value.to_string().into_bytes());
        let url = format!("{}{path}", self.vestibule.url());
        let answer = self.client.send(method, &url, &headers, body.as_deref()).unwrap();
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    pub(crate) fn mint(&self, wishes: &Value) -> Invite {
        let value = self.api("POST", "/v1/invites", Some(wishes));
        let text = |name: &str| value[name].as_str().expect("text").to_owned();
        Invite { id: text("id"), token: text("token"), link: text("url") }
    }

    /// Creates an invite on the host with an unreachable XMPP server.
    pub(crate) fn mint_away(&self) -> Invite {
        let minted = self.vestibule.cli(&["invites", "create", AWAY]).unwrap();
        assert!(minted.success(), "{minted}");
        let link = minted.text().to_owned();
        let token = link.rsplit('/').next().unwrap().to_owned();
        Invite { id: String::new(), token, link }
    }

    /// Creates an account and a reset link for it.
    pub(crate) fn mint_reset(&self, username: &str) -> Invite {
        self.prosody.add_account(username, "the old password").unwrap();
        self.mint(&json!({ "kind": "password-reset", "username": username }))
    }

    pub(crate) fn revoke(&self, invite: &Invite) {
        self.api("DELETE", &format!("/v1/invites/{}", invite.id), None);
    }

    /// Creates an account in an app.
    pub(crate) fn redeem(&self, invite: &Invite, username: &str) {
        let mut guest = Stream::open(self.prosody.c2s_addr(), HOST).unwrap();
        assert!(guest.preauth(&invite.token).unwrap().is_ok());
        assert!(guest.register(username, PASSWORD).unwrap().is_ok());
        self.becomes(invite, "used");
    }

    pub(crate) fn show(&self, invite: &Invite) -> Value {
        self.api("GET", &format!("/v1/invites/{}", invite.id), None)
    }

    pub(crate) fn becomes(&self, invite: &Invite, state: &str) {
        crate::common::eventually(state, SOON, || self.show(invite)["state"] == state);
    }

    /// Waits until a redemption is recorded, and returns its account and `via`.
    pub(crate) fn redeemed_by(&self, invite: &Invite) -> (String, String) {
        let all = || self.show(invite)["redemptions"].as_array().expect("a list").clone();
        crate::common::eventually("a redemption is recorded", SOON, || !all().is_empty());
        let redemptions = all();
        assert_eq!(redemptions.len(), 1, "{redemptions:?}");
        let text = |name: &str| redemptions[0][name].as_str().expect("text").to_owned();
        (text("jid"), text("via"))
    }

    pub(crate) fn can_log_in(&self, username: &str, password: &str) -> bool {
        Stream::open(self.prosody.c2s_addr(), HOST).unwrap().login(username, password).unwrap()
    }

    /// Loads a page without a browser.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let answer = self.client.get(&format!("{}{path}", self.vestibule.url())).unwrap();
        (answer.status, answer.text())
    }
}

/// The link and ID of an invite.
#[derive(Debug, Clone)]
pub(crate) struct Invite {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) link: String,
}

impl Invite {
    pub(crate) fn path(&self) -> String {
        format!("/invite/{}", self.token)
    }

    /// Returns the address of one of its pages.
    pub(crate) fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.link)
    }
}

/// Follows the folded link of the landing page to the registration in the browser.
pub(crate) fn follow_to_the_form(tab: &Tab) {
    tab.click("#other-ways > summary").unwrap();
    assert_eq!(tab.follow("#other-ways a[href*='/register']").unwrap(), 200);
}

/// Types a name and a password into the form.
pub(crate) fn fill(tab: &Tab, username: &str, password: &str) {
    tab.fill("#username", username).unwrap();
    tab.fill("#password", password).unwrap();
    // With scripts, wait for the check of the name.
    if tab.count("#tools").unwrap() > 0 {
        tab.until("#username[aria-invalid] ~ .at", "@").unwrap();
    }
}

/// Sends a form without a browser, and follows the redirect after success with its cookie.
pub(crate) fn post(client: &Client, url: &str, fields: &str) -> (u16, String) {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let mut answer = client.send("POST", url, &headers, Some(fields.as_bytes())).unwrap();
    if answer.status == 303 {
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap();
        let origin = &url[..url.find("/invite/").unwrap()];
        let page = format!("{origin}{}", answer.location().unwrap());
        answer = client.send("GET", &page, &[("cookie", cookie)], None).unwrap();
    }
    (answer.status, answer.text())
}

/// Closes a tab and asserts that its pages had no errors.
pub(crate) fn close(tab: Tab) {
    let wrong = tab.close().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const LOGO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 48 48\" width=\"48\" height=\"48\">\
    <circle cx=\"24\" cy=\"24\" r=\"24\" fill=\"#7a3e9d\"/><path d=\"M12 16h24v14H24l-7 6v-6h-5z\" fill=\"#fff\"/></svg>";

fn configuration(c2s: u16, logo: &Path) -> String {
    format!(
        "[hosts.\"{HOST}\"]\n\
         site_name = \"Example Chat\"\n\
         accent = \"#7a3e9d\"\n\
         logo_file = \"{}\"\n\
         imprint_url = \"https://example.com/imprint\"\n\
         privacy_url = \"https://example.com/privacy\"\n\
         webchat_url = \"https://chat.example.com/\"\n\
         promises = [\"free\", \"no-phone-number\", \"no-ads\"]\n\
         operator = \"The people of Example Chat. Questions: ann@example.com\"\n\
         [[hosts.\"{HOST}\".apps]]\n\
         name = \"Our App\"\n\
         about = \"Made for Example Chat.\"\n\
         devices = [\"android\", \"windows\", \"linux\"]\n\
         takes_invites = true\n\
         url = \"https://app.example.com/\"\n\
         [hosts.\"{HOST}\".xmpp]\n\
         c2s = \"127.0.0.1:{c2s}\"\n\
         tls = \"none\"\n\
         [hosts.\"{AWAY}\"]\n\
         [hosts.\"{AWAY}\".xmpp]\n\
         # Nothing listens there.\n\
         c2s = \"127.0.0.1:1\"\n\
         tls = \"none\"\n",
        logo.display()
    )
}
