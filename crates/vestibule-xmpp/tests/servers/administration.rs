//! Administration of real servers: every call of `Accounts`, in each way.

use std::{future::Future, sync::Arc};

use secrecy::SecretString;
use tokio::runtime::Runtime;
use vestibule_core::{
    Accounts, AccountsError, Password, PasswordCheck, Randomness, RandomnessError, Username,
};
use vestibule_e2e::{Ejabberd, EjabberdVersion, Prosody, Version, xmpp::Stream};
use vestibule_xmpp::{AdminCommands, ApiCredentials, ApiUrl, EjabberdApi, Encryption, Route, TrustAnchors};

use crate::{common::HOST, installation::host};

const SECRET: &str = "teapot-47-orchid";
const RIGHTS: &str = "register, check_account, check_password, change_password, add_rosteritem, srg_user_add, \
                      status, ban_account, unban_account, unregister";

/// The names of probes need not differ here.
struct Letters;

impl Randomness for Letters {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        bytes.fill(7);
        Ok(())
    }
}

enum Server {
    Ejabberd(Box<Ejabberd>),
    Prosody(Box<Prosody>),
}

struct Installation {
    server: Server,
    accounts: Box<dyn Accounts>,
    runtime: Runtime,
}

fn name(text: &str) -> Username {
    Username::parse(text).unwrap()
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

fn ejabberd(version: EjabberdVersion) -> Ejabberd {
    let builder = Ejabberd::builder().administered(version).module("mod_private: {}");
    let ejabberd = builder.api_rights("{acl: vestibule}", RIGHTS).start().unwrap();
    for name in ["admin", "vestibule"] {
        ejabberd.add_account(name, SECRET).unwrap();
    }
    ejabberd
}

fn admin(addr: std::net::SocketAddr) -> Box<dyn Accounts> {
    let route = Route::new(Some(&addr.to_string()), Encryption::None, TrustAnchors::system_roots()).unwrap();
    Box::new(AdminCommands::new(route, host(), name("admin"), Arc::new(password(SECRET)), Arc::new(Letters)))
}

fn api(url: &str, secret: &str) -> EjabberdApi {
    let credentials = ApiCredentials::Account {
        user: format!("vestibule@{HOST}"),
        password: SecretString::from(secret.to_owned()),
    };
    EjabberdApi::new(&ApiUrl::parse(url).unwrap(), &credentials, TrustAnchors::system_roots())
}

impl Installation {
    fn new(server: Server, accounts: Box<dyn Accounts>) -> Self {
        Self { server, accounts, runtime: Runtime::new().unwrap() }
    }

    fn api(version: EjabberdVersion) -> Self {
        let ejabberd = ejabberd(version);
        let accounts = Box::new(api(&ejabberd.api_url(), SECRET));
        Self::new(Server::Ejabberd(Box::new(ejabberd)), accounts)
    }

    fn admin_of_ejabberd(version: EjabberdVersion) -> Self {
        let ejabberd = ejabberd(version);
        let accounts = admin(ejabberd.c2s_addr());
        Self::new(Server::Ejabberd(Box::new(ejabberd)), accounts)
    }

    fn admin_of_prosody(version: Version) -> Self {
        let builder = Prosody::builder().version(version).module("admin_adhoc");
        let prosody = builder.config(&format!("admins = {{ \"admin@{HOST}\" }}")).start().unwrap();
        prosody.add_account("admin", SECRET).unwrap();
        let accounts = admin(prosody.c2s_addr());
        Self::new(Server::Prosody(Box::new(prosody)), accounts)
    }

    fn wait<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(call)
    }

    fn can_log_in(&self, username: &str, password: &str) -> bool {
        let addr = match &self.server {
            Server::Ejabberd(ejabberd) => ejabberd.c2s_addr(),
            Server::Prosody(prosody) => prosody.c2s_addr(),
        };
        Stream::open(addr, HOST).unwrap().login(username, password).unwrap()
    }

    fn create(&self, username: &str, secret: &str) -> Result<(), AccountsError> {
        self.wait(self.accounts.create(&host(), &name(username), &password(secret)))
    }

    fn check(&self, username: &str, secret: &str) -> PasswordCheck {
        self.wait(self.accounts.check_password(&host(), &name(username), &password(secret)))
    }
}

/// What every way can do. `tells_existence`: whether the server tells which accounts exist.
fn accounts_are_administered(installation: &Installation, tells_existence: bool) {
    let exists = |username| installation.wait(installation.accounts.exists(&host(), &name(username)));
    let odd = "<&>\"' пароль \\";
    assert_eq!(installation.create("romeo", odd), Ok(()));
    assert!(installation.can_log_in("romeo", odd));
    assert_eq!(installation.create("romeo", "another"), Err(AccountsError::Exists));
    assert_eq!(installation.create("jürgen", SECRET), Ok(()));
    assert!(installation.can_log_in("jürgen", SECRET));
    if tells_existence {
        assert_eq!((exists("romeo"), exists("nobody")), (Ok(true), Ok(false)));
    } else {
        assert!(matches!(exists("nobody"), Err(AccountsError::Unsupported(_))), "{:?}", exists("nobody"));
    }
    assert_eq!(installation.check("romeo", odd), PasswordCheck::Accepted);
    assert_eq!(installation.check("romeo", "wrong"), PasswordCheck::Rejected);
    assert_eq!(installation.check("nobody", SECRET), PasswordCheck::Rejected);
    let set = |username| {
        installation.wait(installation.accounts.set_password(&host(), &name(username), &password("new one")))
    };
    assert_eq!(set("romeo"), Ok(()));
    assert!(installation.can_log_in("romeo", "new one") && !installation.can_log_in("romeo", odd));
    assert_eq!(set("nobody"), Err(AccountsError::NotFound));
    assert!(!installation.can_log_in("nobody", "new one"));
    for _ in 0..2 {
        let deleted = installation.wait(installation.accounts.delete(&host(), &name("jürgen")));
        assert_eq!(deleted, Ok(()));
    }
    assert!(!installation.can_log_in("jürgen", SECRET));
}

/// Disables and enables an account, where the server can.
fn accounts_are_disabled(installation: &Installation, can: bool) {
    assert_eq!(installation.create("juliet", SECRET), Ok(()));
    let disabled = installation.wait(installation.accounts.disable(&host(), &name("juliet")));
    if !can {
        assert!(matches!(disabled, Err(AccountsError::Unsupported(_))), "{disabled:?}");
        return assert!(installation.can_log_in("juliet", SECRET));
    }
    assert_eq!(disabled, Ok(()));
    assert!(!installation.can_log_in("juliet", SECRET));
    assert_eq!(installation.wait(installation.accounts.enable(&host(), &name("juliet"))), Ok(()));
    assert!(installation.can_log_in("juliet", SECRET));
}

/// Contacts and groups by the API.
fn contacts_and_groups_are_added(installation: &Installation) {
    let Server::Ejabberd(ejabberd) = &installation.server else { panic!("the API is that of ejabberd") };
    for username in ["ann", "bob"] {
        assert_eq!(installation.create(username, SECRET), Ok(()));
    }
    for _ in 0..2 {
        let (ann, bob) = (name("ann"), name("bob"));
        assert_eq!(installation.wait(installation.accounts.befriend(&host(), &ann, &bob)), Ok(()));
    }
    for (owner, contact) in [("ann", "bob"), ("bob", "ann")] {
        let mut stream = Stream::open(ejabberd.c2s_addr(), HOST).unwrap();
        assert!(stream.login(owner, SECRET).unwrap());
        assert_eq!(stream.roster().unwrap(), [(format!("{contact}@{HOST}"), "both".to_owned())]);
    }
    let group = serde_json::json!({
        "group": "friends", "host": HOST, "label": "Friends", "description": "", "display": ""
    });
    ejabberd.done("srg_create/v0", &group).or_else(|_| ejabberd.done("srg_create", &group)).unwrap_or_else(
        |_| {
            let name = serde_json::json!({
                "group": "friends", "host": HOST, "name": "Friends", "description": "", "display": ""
            });
            ejabberd.done("srg_create", &name).unwrap()
        },
    );
    assert_eq!(
        installation.wait(installation.accounts.add_to_group(&host(), &name("ann"), "friends")),
        Ok(())
    );
    let members = ejabberd.done("srg_get_members", &serde_json::json!({ "group": "friends", "host": HOST }));
    assert!(members.unwrap().to_string().contains("ann@localhost"));
}

/// Wrong credentials and unreachable servers.
fn nothing_is_done_with_wrong_credentials(installation: &Installation) {
    let Server::Ejabberd(ejabberd) = &installation.server else { panic!("the API is that of ejabberd") };
    let create = |accounts: &EjabberdApi| {
        installation.wait(accounts.create(&host(), &name("mallory"), &password("a long password")))
    };
    let wrong = create(&api(&ejabberd.api_url(), "a wrong password"));
    assert!(matches!(wrong, Err(AccountsError::NotPermitted(_))), "{wrong:?}");
    let away = create(&api("http://127.0.0.1:1/api", SECRET));
    assert!(matches!(away, Err(AccountsError::Unavailable(_))), "{away:?}");
    let elsewhere = create(&api(&ejabberd.api_url().replace("/api", "/nothing"), SECRET));
    assert!(matches!(elsewhere, Err(AccountsError::Unsupported(_))), "{elsewhere:?}");
    assert!(!ejabberd.accounts().unwrap().contains(&"mallory".to_owned()));
}

#[test]
fn the_api_of_ejabberd_2301() {
    let installation = Installation::api(EjabberdVersion::V2301);
    accounts_are_administered(&installation, true);
    accounts_are_disabled(&installation, false);
    assert!(!installation.accounts.capabilities().disable);
    contacts_and_groups_are_added(&installation);
    nothing_is_done_with_wrong_credentials(&installation);
}

#[test]
fn the_api_of_ejabberd() {
    let installation = Installation::api(EjabberdVersion::Newest);
    accounts_are_administered(&installation, true);
    accounts_are_disabled(&installation, true);
    contacts_and_groups_are_added(&installation);
    nothing_is_done_with_wrong_credentials(&installation);
    let Server::Ejabberd(ejabberd) = &installation.server else { panic!("it is ejabberd") };
    assert!(!ejabberd.log().contains("new one"), "passwords are not logged");
}

#[test]
fn the_administrator_of_ejabberd_2301() {
    let installation = Installation::admin_of_ejabberd(EjabberdVersion::V2301);
    accounts_are_administered(&installation, false);
    accounts_are_disabled(&installation, false);
}

#[test]
fn the_administrator_of_ejabberd() {
    let installation = Installation::admin_of_ejabberd(EjabberdVersion::Newest);
    accounts_are_administered(&installation, false);
    accounts_are_disabled(&installation, true);
}

#[test]
fn the_administrator_of_prosody_012() {
    let installation = Installation::admin_of_prosody(Version::V012);
    accounts_are_administered(&installation, true);
    accounts_are_disabled(&installation, false);
}

#[test]
fn the_administrator_of_prosody_13() {
    let installation = Installation::admin_of_prosody(Version::V13);
    accounts_are_administered(&installation, true);
    accounts_are_disabled(&installation, true);
}
