//! The test store: a temporary database, an adjustable clock, and short forms of the operations.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use private_postgres::Server;
use vestibule_core::{
    Claim, Clock, Draft, Host, Invite, InviteId, InviteService, MintedInvite, NewKey, Policies, PresentedKey,
    Principal, Randomness, RandomnessError, Redemption, Refusal, Retention, Scopes, SealKey, Source, Store,
    StoreError, Timestamp, TokenRefusal, Username, Via,
};
use vestibule_store::{Database, Options, open};

/// The time at which every test begins.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

pub(crate) struct TestClock(pub(crate) AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Randomness with different bytes in each call, but the same bytes in each run.
struct Counter(AtomicU64);

impl Randomness for Counter {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let mut state = self.0.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for chunk in bytes.chunks_mut(8) {
            state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (state >> 31);
            chunk.copy_from_slice(&state.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) struct TestStore {
    pub(crate) invite_service: InviteService,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) policies: Arc<Policies>,
    /// Keeps the directory of an embedded database until the test ends.
    _directory: Option<tempfile::TempDir>,
}

/// The embedded engine in a temporary directory.
pub(crate) async fn sqlite() -> TestStore {
    let directory = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", directory.path().join("test.db").display()).parse().unwrap();
    TestStore::new(&database, Some(directory)).await
}

/// A new database on the PostgreSQL server of this process.
pub(crate) async fn postgres() -> TestStore {
    TestStore::new(&postgres_database(), None).await
}

/// Creates an empty database on the PostgreSQL server of this process, which ends with the process.
pub(crate) fn postgres_database() -> Database {
    SERVER.create_database(&fresh_name()).unwrap().parse().unwrap()
}

pub(crate) static SERVER: LazyLock<Server> = LazyLock::new(|| Server::start(&["fsync=off"]).unwrap());

/// Returns an unused database name.
pub(crate) fn fresh_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("test{}", COUNT.fetch_add(1, Ordering::SeqCst))
}

impl TestStore {
    async fn new(database: &Database, directory: Option<tempfile::TempDir>) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
        Self { _directory: directory, ..Self::node(database, &clock, false, 0).await }
    }

    /// Opens one of several nodes on a database, with a distinct number. If `shared`, its clock is corrected by that
    /// of the database.
    pub(crate) async fn node(database: &Database, clock: &Arc<TestClock>, shared: bool, number: u64) -> Self {
        let policies = Arc::new(Policies::default());
        let options = Options { shared_clock: shared, ..Options::new(clock.clone(), policies.clone()) };
        let store = open(database, options).await.unwrap();
        let seal = Arc::new(SealKey::new(&[7; 32]));
        // Each node has different random bytes.
        let randomness = Arc::new(Counter(AtomicU64::new(1 + (number << 32))));
        let invite_service = InviteService::new(store.clone(), store.clock(), randomness, seal);
        Self { invite_service, store, clock: clock.clone(), policies, _directory: None }
    }

    pub(crate) fn advance(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Adds a host and returns its operator.
    pub(crate) async fn operator(&self, host: &str) -> Principal {
        let host = Host::parse(host).unwrap();
        self.store.add_host(&host).await.unwrap();
        Principal::Operator { host, source: Source::cli() }
    }

    pub(crate) async fn key(&self, by: &Principal, scopes: &str) -> Principal {
        self.key_with(by, NewKey { scopes: scopes.parse().unwrap(), ..NewKey::default() }).await
    }

    pub(crate) async fn key_with(&self, by: &Principal, key: NewKey) -> Principal {
        let (_, text) = self.invite_service.create_key(by, key).await.unwrap();
        Principal::Key(PresentedKey::parse(&text.expose()).unwrap())
    }

    pub(crate) async fn mint(&self, by: &Principal, draft: Draft) -> MintedInvite {
        self.invite_service.mint(by, draft).await.unwrap()
    }

    pub(crate) async fn claim(
        &self,
        by: &Principal,
        minted: &MintedInvite,
        username: &str,
    ) -> Result<Claim, StoreError> {
        self.invite_service.claim(by, minted.token.expose(), Some(name(username)), None).await
    }

    /// Returns an invite and its newest redemptions.
    pub(crate) async fn details(&self, by: &Principal, id: InviteId) -> (Invite, Vec<Redemption>) {
        let details = self.store.invite(by, id).await.unwrap().unwrap();
        (details.invite, details.redemptions.items)
    }

    /// Purges to the end. Returns the numbers of removed invites and of steps.
    pub(crate) async fn purge_all(&self, keep: Retention) -> (u32, u32) {
        let (mut from, mut removed, mut steps) = (None, 0, 0);
        loop {
            let step = self.store.purge(keep, from).await.unwrap();
            (removed, steps, from) = (removed + step.removed, steps + 1, step.next);
            if from.is_none() {
                return (removed, steps);
            }
        }
    }

    pub(crate) async fn redeem(&self, by: &Principal, minted: &MintedInvite, username: &str) {
        let claim = self.claim(by, minted, username).await.unwrap();
        let jid = format!("{username}@{}", minted.invite.host).parse().unwrap();
        self.store.complete(by, claim.id, jid, via()).await.unwrap();
    }
}

pub(crate) fn name(text: &str) -> Username {
    Username::parse(text).unwrap()
}

pub(crate) fn via() -> Via {
    Via::parse("ibr").unwrap()
}

pub(crate) fn bound_to(username: &str) -> Draft {
    Draft { username: Some(name(username)), ..Draft::default() }
}

pub(crate) fn bridge() -> Scopes {
    Scopes::ALL
}

/// Asserts that all uses are claimed.
pub(crate) fn assert_busy<T: std::fmt::Debug>(answer: Result<T, StoreError>) {
    let refusal = refusal(answer);
    assert!(matches!(refusal, Refusal::Token(TokenRefusal::Busy { .. })), "{refusal:?}");
}

/// Returns the refusal of an operation that must be refused.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, StoreError>) -> Refusal {
    match answer {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, not {other:?}"),
    }
}
