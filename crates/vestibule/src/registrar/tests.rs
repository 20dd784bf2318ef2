use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use tempfile::TempDir;
use vestibule_core::{
    Accounts, Clock, Draft, MintedInvite, OpenClaims, Policies, PreauthToken, Randomness, RandomnessError,
    SealKey, Source, Timestamp,
};
use vestibule_store::{Database, Options, open};

use super::*;

const PASSWORD: &str = "lamp orchid 47 teapot";
const MINUTE: i64 = 60_000;

/// What happens to the next change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It is done, but the answer is lost.
    AnswerLost,
    /// The request is lost, which looks the same.
    RequestLost,
    /// Nothing is sent.
    Unreachable,
    /// The service has too few rights.
    NotPermitted,
    /// It is done, and then the process ends.
    Crash,
    /// The request is lost, which takes most of a lease to find out.
    Slow,
    /// The server says that it is done, but does nothing.
    Ignored,
}

/// An XMPP server in memory, with faults.
#[derive(Default)]
struct TestAccounts {
    passwords: Mutex<BTreeMap<String, String>>,
    contacts: Mutex<Vec<(String, String)>>,
    groups: Mutex<Vec<(String, String)>>,
    faults: Mutex<VecDeque<Fault>>,
    /// Whether its database fails when it looks for accounts, and it answers that there is none.
    hides_accounts: AtomicBool,
    clock: Arc<TestClock>,
}

impl TestAccounts {
    async fn change(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, String>) + Send,
    ) -> Result<(), AccountsError> {
        let fault = self.faults.lock().unwrap().pop_front();
        if matches!(fault, None | Some(Fault::AnswerLost | Fault::Crash)) {
            change(&mut self.passwords.lock().unwrap());
        }
        match fault {
            None | Some(Fault::Ignored) => Ok(()),
            Some(Fault::Slow) => {
                self.clock.0.fetch_add(50_000, Ordering::SeqCst);
                Err(AccountsError::Unknown("silent".to_owned()))
            }
            Some(Fault::AnswerLost | Fault::RequestLost) => Err(AccountsError::Unknown("lost".to_owned())),
            Some(Fault::Unreachable) => Err(AccountsError::Unavailable("away".to_owned())),
            Some(Fault::NotPermitted) => Err(AccountsError::NotPermitted("403".to_owned())),
            Some(Fault::Crash) => std::future::pending().await,
        }
    }

    fn has(&self, username: &str) -> bool {
        self.passwords.lock().unwrap().contains_key(username)
    }
}

#[async_trait]
impl Accounts for TestAccounts {
    fn capabilities(&self) -> Capabilities {
        Capabilities::BRIDGED
    }

    async fn exists(&self, _: &Host, username: &Username) -> Result<bool, AccountsError> {
        Ok(self.has(username.as_str()) && !self.hides_accounts.load(Ordering::SeqCst))
    }

    async fn create(&self, _: &Host, username: &Username, password: &Password) -> Result<(), AccountsError> {
        if self.has(username.as_str()) {
            return Err(AccountsError::Exists);
        }
        let (name, password) = (username.to_string(), password.expose().to_owned());
        self.change(|all| drop(all.insert(name, password))).await
    }

    async fn set_password(
        &self,
        host: &Host,
        username: &Username,
        password: &Password,
    ) -> Result<(), AccountsError> {
        let exists = self.exists(host, username).await?;
        let (name, password) = (username.to_string(), password.expose().to_owned());
        if exists {
            self.change(|all| drop(all.insert(name, password))).await
        } else {
            Err(AccountsError::NotFound)
        }
    }

    async fn check_password(&self, _: &Host, username: &Username, password: &Password) -> PasswordCheck {
        let passwords = self.passwords.lock().unwrap();
        let is_right = passwords.get(username.as_str()).is_some_and(|known| known == password.expose());
        if is_right { PasswordCheck::Accepted } else { PasswordCheck::Rejected }
    }

    async fn befriend(&self, _: &Host, one: &Username, other: &Username) -> Result<(), AccountsError> {
        self.contacts.lock().unwrap().push((one.to_string(), other.to_string()));
        Ok(())
    }

    async fn add_to_group(&self, _: &Host, username: &Username, group: &str) -> Result<(), AccountsError> {
        self.groups.lock().unwrap().push((username.to_string(), group.to_owned()));
        Ok(())
    }

    async fn disable(&self, _: &Host, _: &Username) -> Result<(), AccountsError> {
        Err(AccountsError::Unsupported(String::new()))
    }

    async fn enable(&self, _: &Host, _: &Username) -> Result<(), AccountsError> {
        Err(AccountsError::Unsupported(String::new()))
    }

    async fn delete(&self, _: &Host, username: &Username) -> Result<(), AccountsError> {
        self.passwords.lock().unwrap().remove(username.as_str());
        Ok(())
    }
}

#[derive(Default)]
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Different bytes in each call.
struct Counter(AtomicU64);

impl Randomness for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let count = self.0.fetch_add(1, Ordering::SeqCst).to_le_bytes();
        bytes.iter_mut().zip(count.iter().cycle()).for_each(|(byte, count)| *byte = *count);
        Ok(())
    }
}

struct TestServer {
    accounts: Arc<TestAccounts>,
    registrar: ClaimingRegistrar,
    clock: Arc<TestClock>,
    host: Host,
    directory: TempDir,
}

impl TestServer {
    async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000_000)));
        let options = Options::new(clock.clone(), Arc::new(Policies::default()));
        let store = open(&Database::in_directory(directory.path()), options).await.unwrap();
        let host = Host::parse("example.com").unwrap();
        store.add_host(&host).await.unwrap();
        let (randomness, seal) = (Arc::new(Counter(AtomicU64::new(1))), Arc::new(SealKey::new(&[7; 32])));
        let service = InviteService::new(store, clock.clone(), randomness, seal);
        let accounts = Arc::new(TestAccounts { clock: clock.clone(), ..TestAccounts::default() });
        let registrar = ClaimingRegistrar::new(accounts.clone(), service);
        Self { accounts, registrar, clock, host, directory }
    }

    fn advance(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    fn by(&self) -> Principal {
        Principal::Operator { host: self.host.clone(), source: Source::cli() }
    }

    async fn mint(&self, draft: Draft) -> MintedInvite {
        self.registrar.invite_service.mint(&self.by(), draft).await.unwrap()
    }

    /// A form about this invite.
    fn form(&self, minted: &MintedInvite, username: &str) -> RegistrationRequest {
        let grant = self.registrar.invite_service.form_grant(&minted.invite).unwrap();
        RegistrationRequest {
            host: self.host.clone(),
            token: PreauthToken::with_grant(&minted.token, &grant),
            username: name(username),
            password: Password::parse(PASSWORD).unwrap(),
        }
    }

    async fn register(&self, minted: &MintedInvite, username: &str) -> Result<(), RegistrarError> {
        self.registrar.register(&self.form(minted, username)).await
    }

    fn fails(&self, faults: &[Fault]) {
        self.accounts.faults.lock().unwrap().extend(faults);
    }

    /// Sends a form, and ends the process after its change.
    async fn crash(&self, minted: &MintedInvite, username: &str) -> RegistrationRequest {
        self.fails(&[Fault::Crash]);
        let form = self.form(minted, username);
        let registering = self.registrar.register(&form);
        tokio::select! {
            outcome = registering => panic!("it ended: {outcome:?}"),
            () = async { while !self.accounts.has(username) { tokio::task::yield_now().await } } => {}
        }
        form
    }

    /// The usernames that redeemed an invite.
    async fn redeemed(&self, minted: &MintedInvite) -> Vec<String> {
        let details = self.registrar.invite_service.store().invite(&self.by(), minted.invite.id).await;
        let redemptions = details.unwrap().unwrap().redemptions.items;
        redemptions.iter().map(|one| format!("{} {}", one.jid, one.via.as_str())).collect()
    }

    async fn is_open(&self, minted: &MintedInvite) -> bool {
        let open = OpenClaims::Of(minted.invite.id);
        !self.registrar.invite_service.store().open_claims(&self.by(), open).await.unwrap().is_empty()
    }

    async fn recover(&self) -> bool {
        let oldest = ClaimId::lowest(Timestamp::from_millis(0));
        self.registrar.recover_since(&self.host, oldest).await.unwrap().is_none()
    }

    /// Recovers for as long as it takes until an absent account is believed to be absent.
    async fn recover_for_minutes(&self) -> bool {
        for _ in 0..2 {
            self.advance(2 * MINUTE);
            self.recover().await;
        }
        self.advance(2 * MINUTE);
        self.recover().await
    }

    fn add(&self, username: &str) {
        self.accounts.passwords.lock().unwrap().insert(username.to_owned(), "theirs".to_owned());
    }
}

fn name(text: &str) -> Username {
    Username::parse(text).unwrap()
}

#[tokio::test]
async fn an_account_is_created_with_contact_and_groups_and_the_use_is_spent() {
    let server = TestServer::open().await;
    let draft = Draft {
        kind: Kind::AccountAndContact,
        inviter: Some(name("ann")),
        groups: vec!["friends".to_owned(), "choir".to_owned()],
        ..Draft::default()
    };
    let minted = server.mint(draft).await;
    server.register(&minted, "bob").await.unwrap();
    assert_eq!(server.redeemed(&minted).await, ["bob@example.com web"]);
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(*server.accounts.contacts.lock().unwrap(), [pair("bob", "ann")]);
    assert_eq!(*server.accounts.groups.lock().unwrap(), [pair("bob", "friends"), pair("bob", "choir")]);
    assert_eq!(server.register(&minted, "eve").await, Err(RegistrarError::TokenRefused));
    assert!(!server.accounts.has("eve"));
}

#[tokio::test]
async fn what_is_refused_releases_the_use() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    server.accounts.passwords.lock().unwrap().insert("ann".to_owned(), "hers".to_owned());
    assert_eq!(server.register(&minted, "ann").await, Err(RegistrarError::UsernameTaken));
    server.fails(&[Fault::NotPermitted, Fault::Unreachable]);
    assert!(matches!(server.register(&minted, "bob").await, Err(RegistrarError::NotPermitted(_))));
    assert!(matches!(server.register(&minted, "bob").await, Err(RegistrarError::Unavailable(_))));
    assert!(!server.is_open(&minted).await);
    let bound = server.mint(Draft { username: Some(name("carl")), ..Draft::default() }).await;
    assert!(matches!(server.register(&bound, "bob").await, Err(RegistrarError::UsernameNotAllowed(_))));
    assert_eq!(server.register(&minted, "carl").await, Err(RegistrarError::UsernameTaken), "reserved");
    server.register(&minted, "bob").await.unwrap();
    server.register(&bound, "carl").await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_found_out() {
    let server = TestServer::open().await;
    for (username, faults) in [
        ("a", &[Fault::AnswerLost][..]),
        ("b", &[Fault::RequestLost]),
        ("c", &[Fault::RequestLost, Fault::NotPermitted]),
        ("d", &[Fault::RequestLost, Fault::RequestLost]),
        ("e", &[Fault::RequestLost, Fault::AnswerLost]),
    ] {
        let minted = server.mint(Draft::default()).await;
        server.fails(faults);
        let outcome = server.register(&minted, username).await;
        let (is_done, is_open) = (server.accounts.has(username), server.is_open(&minted).await);
        match username {
            "a" | "b" => assert!(outcome.is_ok() && is_done && !is_open, "{username}: {outcome:?}"),
            "c" => assert!(matches!(outcome, Err(RegistrarError::NotPermitted(_))) && !is_done && !is_open),
            // Nobody else gets the use until it is certain.
            _ => {
                assert!(matches!(outcome, Err(RegistrarError::Unknown(_))) && is_open, "{outcome:?}");
                assert!(server.redeemed(&minted).await.is_empty());
                assert!(server.recover_for_minutes().await);
                assert_eq!(server.redeemed(&minted).await.len(), usize::from(is_done), "{username}");
                assert_eq!(server.register(&minted, "eve").await.is_ok(), !is_done, "{username}");
            }
        }
    }
}

#[tokio::test]
async fn a_crash_between_create_and_complete_loses_nothing() {
    for lapses in [false, true] {
        let server = TestServer::open().await;
        let draft = Draft { kind: Kind::AccountAndContact, inviter: Some(name("ann")), ..Draft::default() };
        let minted = server.mint(draft).await;
        let form = server.crash(&minted, "bob").await;
        assert!(server.is_open(&minted).await && server.redeemed(&minted).await.is_empty());
        if lapses {
            server.advance(10 * MINUTE);
            // Somebody else comes first, before the recovery in the background.
            assert_eq!(server.register(&minted, "eve").await, Err(RegistrarError::TokenRefused));
        } else {
            // The same person sends the form again.
            assert_eq!(server.registrar.register(&form).await, Err(RegistrarError::UsernameTaken));
        }
        assert_eq!(server.redeemed(&minted).await, ["bob@example.com web"], "{lapses}");
        assert_eq!(server.accounts.contacts.lock().unwrap().len(), 1);
        assert!(!server.accounts.has("eve") && server.recover().await);
    }
}

#[tokio::test]
async fn an_interrupted_registration_is_completed_in_the_background() {
    let server = TestServer::open().await;
    let (made, nothing) = (server.mint(Draft::default()).await, server.mint(Draft::default()).await);
    server.crash(&made, "bob").await;
    server.fails(&[Fault::RequestLost, Fault::RequestLost]);
    assert!(server.register(&nothing, "eve").await.is_err());
    assert!(!server.recover().await, "the requests may be under way");
    assert!(server.is_open(&made).await && server.is_open(&nothing).await);
    assert_eq!(server.register(&made, "carl").await, Err(RegistrarError::Busy));
    server.advance(MINUTE);
    // That there is no account is not believed at once.
    assert!(!server.recover().await);
    assert_eq!(server.redeemed(&made).await, ["bob@example.com web"]);
    assert!(server.is_open(&nothing).await);
    assert_eq!(server.register(&nothing, "carl").await, Err(RegistrarError::Busy));
    assert!(!server.accounts.has("carl"));
    assert!(server.recover_for_minutes().await);
    assert!(!server.is_open(&nothing).await && server.redeemed(&nothing).await.is_empty());
    server.register(&nothing, "eve").await.unwrap();
}

#[tokio::test]
async fn a_deleted_account_can_be_created_again() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: None, ..Draft::default() }).await;
    server.register(&minted, "bob").await.unwrap();
    server.accounts.delete(&server.host, &name("bob")).await.unwrap();
    server.crash(&minted, "bob").await;
    server.advance(MINUTE);
    assert!(server.recover().await);
    assert_eq!(server.redeemed(&minted).await.len(), 2);
}

#[tokio::test]
async fn a_password_is_reset_once_and_only_of_an_account() {
    let server = TestServer::open().await;
    let reset = |username: &str| Draft {
        kind: Kind::PasswordReset,
        username: Some(name(username)),
        ..Draft::default()
    };
    let nobody = server.mint(reset("nobody")).await;
    assert!(matches!(server.register(&nobody, "nobody").await, Err(RegistrarError::UsernameNotAllowed(_))));
    server.accounts.passwords.lock().unwrap().insert("ann".to_owned(), "hers".to_owned());
    let minted = server.mint(reset("ann")).await;
    server.fails(&[Fault::AnswerLost]);
    server.register(&minted, "ann").await.unwrap();
    let password = Password::parse(PASSWORD).unwrap();
    let log_in = server.registrar.log_in(&server.host, &name("ann"), &password).await;
    assert_eq!(log_in, PasswordCheck::Accepted);
    assert_eq!(server.register(&minted, "ann").await, Err(RegistrarError::TokenRefused));
    // Nobody knows what became of this one: the invite stays good.
    let minted = server.mint(reset("ann")).await;
    server.fails(&[Fault::AnswerLost, Fault::RequestLost]);
    assert!(matches!(server.register(&minted, "ann").await, Err(RegistrarError::Unknown(_))));
    server.advance(MINUTE);
    assert!(server.recover().await);
    server.register(&minted, "ann").await.unwrap();
}

#[tokio::test]
async fn a_claim_of_another_request_is_left_alone() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let form = server.form(&minted, "bob");
    // Another node claims under the same form, and its request is under way.
    let (by, service) = (server.by(), &server.registrar.invite_service);
    let checked = service.check(&by, form.token.expose(), Some(&form.username)).await.unwrap();
    let via = Via::parse("web").unwrap();
    let claiming =
        service.claim_to_create(&by, form.token.expose(), form.username.clone(), &checked.admission, via);
    assert!(claiming.await.unwrap().is_some());
    server.fails(&[Fault::NotPermitted]);
    assert_eq!(server.registrar.register(&form).await, Err(RegistrarError::Busy));
    assert!(server.is_open(&minted).await && !server.accounts.has("bob"));
    assert_eq!(server.register(&minted, "eve").await, Err(RegistrarError::Busy));
}

fn reset(username: &str) -> Draft {
    Draft { kind: Kind::PasswordReset, username: Some(name(username)), ..Draft::default() }
}

#[tokio::test]
async fn an_existing_account_that_the_server_hides_keeps_its_resets() {
    let server = TestServer::open().await;
    let (own, other) = (server.mint(Draft::default()).await, server.mint(Draft::default()).await);
    server.register(&own, "bob").await.unwrap();
    let resetting = server.mint(reset("bob")).await;
    server.accounts.hides_accounts.store(true, Ordering::SeqCst);
    assert_eq!(server.register(&other, "bob").await, Err(RegistrarError::UsernameTaken));
    let refused = server.register(&resetting, "bob").await;
    assert!(matches!(refused, Err(RegistrarError::UsernameNotAllowed(_))), "{refused:?}");
    server.accounts.hides_accounts.store(false, Ordering::SeqCst);
    let store = server.registrar.invite_service.store();
    assert!(store.account_known(&server.host, &name("bob")).await.unwrap());
    assert!(!server.is_open(&other).await);
    server.register(&resetting, "bob").await.unwrap();
}

#[tokio::test]
async fn an_earlier_reset_does_not_reach_a_new_account() {
    for crashes in [false, true] {
        let server = TestServer::open().await;
        server.add("bob");
        let resetting = server.mint(reset("bob")).await;
        server.accounts.delete(&server.host, &name("bob")).await.unwrap();
        let minted = server.mint(Draft::default()).await;
        if crashes {
            server.crash(&minted, "bob").await;
            server.advance(MINUTE);
            assert!(server.recover().await);
        } else {
            server.register(&minted, "bob").await.unwrap();
        }
        assert_eq!(server.redeemed(&minted).await, ["bob@example.com web"]);
        assert_eq!(server.register(&resetting, "bob").await, Err(RegistrarError::TokenRefused), "{crashes}");
    }
}

#[tokio::test]
async fn a_failing_database_releases_no_claim_of_a_created_account() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    server.crash(&minted, "bob").await;
    server.accounts.hides_accounts.store(true, Ordering::SeqCst);
    server.advance(MINUTE);
    for _ in 0..5 {
        // Many rounds, but in less time.
        server.advance(MINUTE / 4);
        assert!(!server.recover().await && server.is_open(&minted).await);
        assert_eq!(server.register(&minted, "eve").await, Err(RegistrarError::Busy));
    }
    server.accounts.hides_accounts.store(false, Ordering::SeqCst);
    assert!(server.recover().await);
    assert_eq!(server.redeemed(&minted).await, ["bob@example.com web"]);
    assert!(!server.accounts.has("eve"));
}

#[tokio::test]
async fn a_lapsed_claim_leaves_the_other_uses_free() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft { max_uses: Some(2), ..Draft::default() }).await;
    server.fails(&[Fault::RequestLost, Fault::RequestLost]);
    assert!(matches!(server.register(&minted, "bob").await, Err(RegistrarError::Unknown(_))));
    server.advance(MINUTE);
    server.register(&minted, "eve").await.unwrap();
    assert_eq!(server.register(&minted, "carl").await, Err(RegistrarError::Busy));
    assert!(server.recover_for_minutes().await);
    server.register(&minted, "carl").await.unwrap();
}

#[tokio::test]
async fn a_password_that_was_not_set_is_reported() {
    let server = TestServer::open().await;
    server.add("ann");
    let minted = server.mint(reset("ann")).await;
    server.fails(&[Fault::Ignored]);
    let refused = server.register(&minted, "ann").await;
    assert!(matches!(refused, Err(RegistrarError::PasswordNotAllowed(_))), "{refused:?}");
    assert!(!server.is_open(&minted).await && server.redeemed(&minted).await.is_empty());
    server.register(&minted, "ann").await.unwrap();
}

#[tokio::test]
async fn no_request_is_started_near_the_end_of_the_lease() {
    let server = TestServer::open().await;
    server.add("ann");
    let (minted, resetting) = (server.mint(Draft::default()).await, server.mint(reset("ann")).await);
    server.fails(&[Fault::Slow, Fault::Slow]);
    for (minted, username) in [(&minted, "bob"), (&resetting, "ann")] {
        let unknown = server.register(minted, username).await;
        assert!(matches!(unknown, Err(RegistrarError::Unknown(_))), "{unknown:?}");
        assert!(server.is_open(minted).await);
    }
    assert!(server.accounts.faults.lock().unwrap().is_empty() && !server.accounts.has("bob"));
    let hers = server.accounts.passwords.lock().unwrap()["ann"].clone();
    assert_eq!(hers, "theirs");
}

#[tokio::test]
async fn an_account_that_another_claim_created_spends_one_use() {
    let server = TestServer::open().await;
    let (lost, other) = (server.mint(Draft::default()).await, server.mint(Draft::default()).await);
    server.fails(&[Fault::RequestLost, Fault::RequestLost]);
    assert!(matches!(server.register(&lost, "bob").await, Err(RegistrarError::Unknown(_))));
    server.advance(1);
    server.register(&other, "bob").await.unwrap();
    server.advance(MINUTE);
    assert!(server.recover().await);
    assert!(server.redeemed(&lost).await.is_empty());
    assert_eq!(server.redeemed(&other).await, ["bob@example.com web"]);
    let store = server.registrar.invite_service.store();
    assert!(store.account_known(&server.host, &name("bob")).await.unwrap());
}

#[tokio::test]
async fn an_outcome_that_is_not_stored_is_found_out_again() {
    let server = TestServer::open().await;
    let (made, resetting) = (server.mint(Draft::default()).await, server.mint(reset("ann")).await);
    server.add("ann");
    server.fails(&[Fault::RequestLost, Fault::RequestLost]);
    assert!(server.register(&resetting, "ann").await.is_err());
    server.crash(&made, "bob").await;
    server.advance(MINUTE);
    let database = rusqlite::Connection::open(server.directory.path().join("vestibule.db")).unwrap();
    let full = "CREATE TRIGGER is_full BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'full'); END";
    database.execute_batch(full).unwrap();
    for _ in 0..2 {
        assert!(!server.recover().await, "both are still open");
        assert!(server.is_open(&made).await && server.is_open(&resetting).await);
    }
    database.execute_batch("DROP TRIGGER is_full").unwrap();
    assert!(server.recover().await);
    assert_eq!(server.redeemed(&made).await, ["bob@example.com web"]);
    assert!(!server.is_open(&resetting).await);
}
