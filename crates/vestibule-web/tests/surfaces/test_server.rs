//! The test server: the router with a store in a temporary directory, an adjustable clock, and short forms of the
//! operations.

pub(crate) mod api_client;
mod registrar;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use registrar::TestRegistrar;
use tower::ServiceExt;
use vestibule_core::{
    Capabilities, Clock, Draft, EventQuery, Host, InviteQuery, InviteService, MintedInvite, NewKey, Policies,
    Principal, Randomness, RandomnessError, Registrar, SealKey, Source, Timestamp, Username, Via,
};
use vestibule_store::{Database, Options, open};
use vestibule_web::{
    AppState, HttpState, Links, Peer, Site, SiteConfig, SiteSettings, Sites, Templates, router,
};

/// The host of all tests.
pub(crate) const HOST: &str = "example.com";

/// The default lifetime of an invite.
pub(crate) const WEEK: Duration = Duration::from_hours(168);

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Randomness with different bytes in each call, but the same bytes in each run. Fails while it is broken.
#[derive(Default)]
struct TestRandomness {
    calls: AtomicU64,
    broken: AtomicBool,
}

impl Randomness for TestRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(RandomnessError("broken for a test".to_owned()));
        }
        let mut state = (self.calls.fetch_add(1, Ordering::SeqCst) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for chunk in bytes.chunks_mut(8) {
            state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (state >> 31);
            chunk.copy_from_slice(&state.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) struct TestServer {
    pub(crate) invite_service: InviteService,
    pub(crate) operator: Principal,
    pub(crate) registrar: Arc<TestRegistrar>,
    router: Router,
    clock: Arc<TestClock>,
    randomness: Arc<TestRandomness>,
    /// Keeps the directory of the database until the test ends.
    _directory: tempfile::TempDir,
}

/// A complete response.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The body as text. Bytes that are not text are replaced.
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// Returns the value of a header that occurs at most once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        assert!(values.len() < 2, "{name} came twice: {values:?}");
        values.first().map(|value| value.to_str().unwrap())
    }

    /// Returns the token of the link in `Location`.
    pub(crate) fn token(&self) -> &str {
        self.header("location").unwrap().rsplit('/').next().unwrap()
    }
}

impl TestServer {
    /// Starts a server with default settings.
    pub(crate) async fn open() -> Self {
        Self::with(Links::new("https://example.com").unwrap(), None).await
    }

    pub(crate) async fn with(links: Links, site_name: Option<&str>) -> Self {
        Self::behind(HttpState::default(), links, site_name).await
    }

    pub(crate) async fn behind(http_state: HttpState, links: Links, site_name: Option<&str>) -> Self {
        let settings = SiteSettings { name: site_name.map(str::to_owned), ..SiteSettings::default() };
        Self::of(http_state, links, settings, Some(Templates::builtin())).await
    }

    /// Starts a server with these settings of the site.
    pub(crate) async fn of_site(settings: SiteSettings) -> Self {
        Self::of(
            HttpState::default(),
            Links::new("https://example.com").unwrap(),
            settings,
            Some(Templates::builtin()),
        )
        .await
    }

    /// Starts a server whose XMPP server does not know the tokens, and can do only this.
    pub(crate) async fn browser_only(capabilities: Capabilities) -> Self {
        let links = Links::new("https://example.com").unwrap();
        let site = Site::build(SiteSettings::default()).unwrap().browser_only();
        let server = Self::of_built(HttpState::default(), links, site, Some(Templates::builtin())).await;
        server.registrar.can_only(capabilities);
        server
    }

    /// Starts a server without a registrar: only apps create accounts.
    pub(crate) async fn without_registrar() -> Self {
        let links = Links::new("https://example.com").unwrap();
        Self::of(HttpState::default(), links, SiteSettings::default(), None).await
    }

    /// Starts a server with custom templates.
    pub(crate) async fn of_templates(templates: Templates) -> Self {
        let links = Links::new("https://example.com").unwrap();
        Self::of(HttpState::default(), links, SiteSettings::default(), Some(templates)).await
    }

    /// Starts a server with custom templates and a registrar, or with the default templates and none.
    async fn of(
        http_state: HttpState,
        links: Links,
        settings: SiteSettings,
        templates: Option<Templates>,
    ) -> Self {
        Self::of_built(http_state, links, Site::build(settings).unwrap(), templates).await
    }

    async fn of_built(http_state: HttpState, links: Links, site: Site, templates: Option<Templates>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000_000)));
        let randomness = Arc::new(TestRandomness::default());
        let observer = http_state.metrics.clone();
        let options = Options { observer, ..Options::new(clock.clone(), Policies::default()) };
        let store = open(&Database::in_directory(directory.path()), options).await.unwrap();
        let host = Host::parse(HOST).unwrap();
        store.add_host(&host).await.unwrap();
        let seal = Arc::new(SealKey::new(&[7; 32]));
        let invite_service = InviteService::new(store, clock.clone(), randomness.clone(), seal);
        let registrar = Arc::new(TestRegistrar::default());
        assert!(registrar.invite_service.set(invite_service.clone()).is_ok());
        let sites = Sites::from([(HOST.to_owned(), site)]);
        let made: Arc<dyn Registrar> = registrar.clone();
        let front = SiteConfig {
            sites,
            painter: None,
            registrar: templates.is_some().then_some(made),
            templates: templates.unwrap_or_else(Templates::builtin),
        };
        let app = AppState::new(http_state, invite_service.clone(), links, front);
        let operator = Principal::Operator { host, source: Source::cli() };
        Self {
            invite_service,
            operator,
            registrar,
            router: router(&app),
            clock,
            randomness,
            _directory: directory,
        }
    }

    /// Returns the router.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[]).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_body(method, path, headers, Body::empty()).await
    }

    /// Sends a request on a connection from `peer`.
    pub(crate) async fn send_from(
        &self,
        peer: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.send_all(peer, method, path, headers, Body::empty()).await
    }

    pub(crate) async fn send_body(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        self.send_all("127.0.0.1", method, path, headers, body.into()).await
    }

    async fn send_all(
        &self,
        peer: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).extension(Peer(peer.parse().unwrap()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: head.status, headers: head.headers, body, bytes }
    }

    /// Creates an invite over HTTP.
    pub(crate) async fn mint_with(&self, key: &str) -> Answer {
        self.send("GET", "/invites_api", &[("authorization", &format!("Bearer {key}"))]).await
    }

    pub(crate) fn advance(&self, span: Duration) {
        self.clock.0.fetch_add(i64::try_from(span.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Breaks or repairs the randomness. While it is broken, no invite can be created.
    pub(crate) fn break_randomness(&self, broken: bool) {
        self.randomness.broken.store(broken, Ordering::SeqCst);
    }

    /// Creates a key that may create invites, and returns it as text.
    pub(crate) async fn key(&self) -> String {
        self.key_with(NewKey::default()).await
    }

    pub(crate) async fn key_with(&self, key: NewKey) -> String {
        self.invite_service.create_key(&self.operator, key).await.unwrap().1.expose()
    }

    pub(crate) async fn mint(&self, draft: Draft) -> MintedInvite {
        self.invite_service.mint(&self.operator, draft).await.unwrap()
    }

    /// Claims a use and completes the claim.
    pub(crate) async fn redeem(&self, minted: &MintedInvite, username: &str) {
        let (name, token) = (name(username), minted.token.expose());
        let jid = name.at(&minted.invite.host);
        let claim = self.invite_service.claim(&self.operator, token, Some(name), None).await.unwrap();
        let via = Via::parse("ibr").unwrap();
        self.invite_service.store().complete(&self.operator, claim.id, jid, via).await.unwrap();
    }

    /// Returns the number of all changes.
    pub(crate) async fn changes(&self) -> i64 {
        let query = EventQuery { after: 0, limit: 100_000 };
        let events = self.invite_service.store().events(&self.operator, query).await.unwrap().items;
        events.last().map_or(0, |event| event.seq)
    }

    /// Returns the number of invites.
    pub(crate) async fn minted(&self) -> usize {
        let mut query = InviteQuery { limit: 500, ..InviteQuery::default() };
        let mut count = 0;
        loop {
            let page = self.invite_service.store().invites(&self.operator, query.clone()).await.unwrap();
            count += page.items.len();
            if page.next.is_none() {
                return count;
            }
            query.before = page.next;
        }
    }
}

pub(crate) fn name(text: &str) -> Username {
    Username::parse(text).unwrap()
}
