//! Application state that every handler can reach.

use std::{collections::HashSet, convert::Infallible, fmt, ops::Deref, sync::Arc, time::Duration};

use axum::{
    extract::{FromRef, FromRequestParts, Request},
    response::Response,
};
use http::request::Parts;
use vestibule_core::{Host, InviteService, Registrar};

use crate::{
    html::{ErrorPage, PageRenderer, Templates, Visitor},
    http::{HttpState, LayerContext, RequestLayer, Surface},
    in_flight_forms::InFlightForms,
    links::Links,
    preview::PreviewPainter,
    site::{Site, Sites},
};

/// Settings of the pages, and the registrar that creates accounts in the browser.
#[derive(Clone)]
pub struct SiteConfig {
    /// Settings by host.
    pub sites: Sites,
    /// The templates of the pages.
    pub templates: Templates,
    /// Creates accounts in the browser. Without a registrar, only apps create accounts.
    pub registrar: Option<Arc<dyn Registrar>>,
    /// Draws the pictures that messengers show beside links. Without a painter, they show text only.
    pub painter: Option<Arc<dyn PreviewPainter>>,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self { sites: Sites::new(), templates: Templates::builtin(), registrar: None, painter: None }
    }
}

impl fmt::Debug for SiteConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SiteConfig").field("sites", &self.sites).finish_non_exhaustive()
    }
}

/// Application state that every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// The fields of an [`AppState`].
pub struct Inner {
    /// Creates, checks and redeems invites.
    pub invite_service: InviteService,
    /// Builds links to invites.
    pub links: Links,
    /// Settings and counters that all requests share.
    pub http: Arc<HttpState>,
    /// Creates accounts in the browser.
    pub registrar: Option<Arc<dyn Registrar>>,
    pub(crate) painter: Option<Arc<dyn PreviewPainter>>,
    pub(crate) renderer: PageRenderer,
    pub(crate) in_flight_forms: Arc<InFlightForms>,
    layer_context: Arc<LayerContext>,
    sites: Sites,
    /// The settings of hosts that are not in `sites`.
    default_site: Site,
}

impl AppState {
    /// Assembles the state.
    pub fn new(http: HttpState, invite_service: InviteService, links: Links, config: SiteConfig) -> Self {
        Self::assemble(Arc::new(http), invite_service, Arc::default(), links, config)
    }

    /// The same service with other links and pages. Counters, limits and forms in flight are shared.
    #[must_use]
    pub fn reconfigured(&self, links: Links, config: SiteConfig) -> Self {
        let (http, forms) = (Arc::clone(&self.http), Arc::clone(&self.in_flight_forms));
        Self::assemble(http, self.invite_service.clone(), forms, links, config)
    }

    fn assemble(
        http: Arc<HttpState>,
        invite_service: InviteService,
        in_flight_forms: Arc<InFlightForms>,
        links: Links,
        config: SiteConfig,
    ) -> Self {
        let SiteConfig { sites, templates, registrar, painter } = config;
        let default_site = Site::default();
        let renderer = PageRenderer::new(links.path(), templates, &sites, &default_site);
        let layer_context = Arc::new(LayerContext {
            http: Arc::clone(&http),
            invite_service: invite_service.clone(),
            base_path: links.path().to_owned(),
            is_public: links.is_https(),
        });
        Self(Arc::new(Inner {
            invite_service,
            links,
            http,
            registrar,
            painter,
            renderer,
            in_flight_forms,
            layer_context,
            sites,
            default_site,
        }))
    }
}

impl Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    /// The settings of a host.
    pub(crate) fn site(&self, host: &Host) -> &Site {
        self.sites.get(host.as_str()).unwrap_or(&self.default_site)
    }

    /// The settings for a page without a host: those of the only host, if there is exactly one.
    pub(crate) fn default_site(&self) -> &Site {
        let mut sites = self.sites.values();
        match (sites.next(), sites.next()) {
            (Some(only), None) => only,
            _ => &self.default_site,
        }
    }

    /// The front door at the address with this authority, the value of `Host`.
    ///
    /// It is that of a host only if no other host has its links at this address: people who arrive without a link are
    /// told of one service, and never of a list of all. A `Host` of no public URL comes from a proxy that does not pass
    /// it on, or from this machine.
    pub(crate) fn front_door(&self, authority: Option<&str>) -> FrontDoor<'_> {
        let own = self.links.host_bases().map(|(host, _)| host);
        let hosts: HashSet<&str> = self.sites.keys().map(String::as_str).chain(own).collect();
        let base_of = |host: &str| self.links.base_at(host);
        let asked = authority.filter(|asked| {
            let bases = hosts.iter().map(|host| base_of(host)).chain([self.links.base()]);
            bases.into_iter().any(|base| is_authority_of(base, asked))
        });
        let mut here =
            hosts.iter().filter(|host| asked.is_none_or(|asked| is_authority_of(base_of(host), asked)));
        if let (Some(host), None) = (here.next(), here.next()) {
            let site = self.sites.get(*host).unwrap_or(&self.default_site);
            return FrontDoor { host: Some(host), name: site.name.as_deref().unwrap_or(host), site };
        }
        let is_here = |base: &&str| asked.is_some_and(|asked| is_authority_of(base, asked));
        let here = hosts.iter().map(|host| base_of(host)).find(is_here);
        FrontDoor { host: None, name: domain(here.unwrap_or(self.links.base())), site: &self.default_site }
    }

    /// The display name of a host.
    pub fn site_name<'a>(&'a self, host: &'a Host) -> &'a str {
        self.site(host).name.as_deref().unwrap_or(host.as_str())
    }

    /// An error page without a host.
    pub(crate) fn error_page(&self, visitor: &Visitor, page: &ErrorPage) -> Response {
        self.renderer.error_page(visitor, self.default_site(), page)
    }
}

/// The front door of a host, or of an address with several hosts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrontDoor<'a> {
    /// `None` if the address has several hosts.
    pub(crate) host: Option<&'a str>,
    /// The display name of the host, else the domain of the address.
    pub(crate) name: &'a str,
    pub(crate) site: &'a Site,
}

/// Whether a public URL has this authority. Only one of them may name a default port.
fn is_authority_of(base: &str, authority: &str) -> bool {
    let own = authority_of(base);
    let port = if base.starts_with("https:") { ":443" } else { ":80" };
    own.trim_end_matches(port).eq_ignore_ascii_case(authority.trim_end_matches(port))
}

/// The host and the port of a public URL.
fn authority_of(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// The host of a public URL, without the port.
fn domain(base: &str) -> &str {
    let authority = authority_of(base);
    let port = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    port.map_or(authority, |at| &authority[..at])
}

impl AppState {
    /// The layer around the routes of a surface.
    pub(crate) fn request_layer(&self, surface: Surface) -> RequestLayer {
        RequestLayer::new(&self.layer_context, surface)
    }

    /// The layer around routes of pages: its 429 response is a page. `token_path` is the prefix of the paths
    /// that contain a token.
    pub(crate) fn page_layer(&self, token_path: Option<&'static str>) -> RequestLayer {
        let state = self.clone();
        let too_many_requests = Box::new(move |request: &Request, wait: Duration| {
            let visitor = Visitor::of(&state.renderer.languages, request.uri(), request.headers());
            state.error_page(&visitor, &ErrorPage::too_many_requests(wait))
        });
        self.request_layer(Surface { token_path, requires_key: false, too_many_requests })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    AppState: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&AppState::from_ref(state).renderer.languages, &parts.uri, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_port_belongs_to_no_name() {
        assert!(is_authority_of("https://Example.com/join", "example.com:443"));
        assert!(is_authority_of("http://example.com:80", "EXAMPLE.com"));
        assert!(is_authority_of("http://127.0.0.1:8280", "127.0.0.1:8280"));
        assert!(!is_authority_of("https://example.com", "example.com:80"));
        assert!(!is_authority_of("https://example.com", "chat.example.com"));
        assert_eq!(domain("https://example.com:8443/join"), "example.com");
        assert_eq!(domain("http://[::1]:8280"), "[::1]");
        assert_eq!(domain("http://[::1]"), "[::1]");
    }
}
