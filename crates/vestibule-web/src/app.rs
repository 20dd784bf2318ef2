//! What every handler can reach.

use std::{fmt, ops::Deref, sync::Arc};

use vestibule_core::{Host, InviteService, Registrar};

use crate::{
    HttpState, Links, Site, Sites, Templates,
    ops::{Pending, Readiness},
    pages::{InFlightForms, Pages},
};

/// What invited people see, and who makes their accounts.
#[derive(Clone)]
pub struct SiteConfig {
    /// What the operator says about each host.
    pub sites: Sites,
    /// What pages are made of.
    pub templates: Templates,
    /// Who makes accounts for people in the browser; without one, only apps do.
    pub registrar: Option<Arc<dyn Registrar>>,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self { sites: Sites::new(), templates: Templates::builtin(), registrar: None }
    }
}

impl fmt::Debug for SiteConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Front").field("sites", &self.sites).finish_non_exhaustive()
    }
}

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// The parts of an [`AppState`].
pub struct Inner {
    /// The verbs.
    pub invite_service: InviteService,
    /// How links are made.
    pub links: Links,
    /// How pages are made.
    pub pages: Pages,
    /// Whether the service is ready.
    pub readiness: Readiness,
    /// When pending invites were last counted.
    pub pending: Pending,
    /// What stands before all routes.
    pub http_state: HttpState,
    /// Who makes accounts for people in the browser.
    pub registrar: Option<Arc<dyn Registrar>>,
    /// Forms that are being worked on.
    pub(crate) in_flight_forms: InFlightForms,
    sites: Sites,
    /// What is said of a host that nothing is said of.
    default_site: Site,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(
        http_state: HttpState,
        invite_service: InviteService,
        links: Links,
        front: SiteConfig,
    ) -> Self {
        let SiteConfig { sites, templates, registrar } = front;
        let default_site = Site::default();
        let pages = Pages::new(links.path(), templates, &sites, &default_site);
        Self(Arc::new(Inner {
            invite_service,
            links,
            pages,
            readiness: Readiness::default(),
            pending: Pending::default(),
            http_state,
            registrar,
            in_flight_forms: InFlightForms::default(),
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
    /// What the operator says about a host.
    pub(crate) fn site(&self, host: &Host) -> &Site {
        self.sites.get(host.as_str()).unwrap_or(&self.default_site)
    }

    /// The site of a page that belongs to no host: where there is only one, that.
    pub(crate) fn any_site(&self) -> &Site {
        let mut sites = self.sites.values();
        match (sites.next(), sites.next()) {
            (Some(only), None) => only,
            _ => &self.default_site,
        }
    }

    /// What people call a host.
    pub fn site_name<'a>(&'a self, host: &'a Host) -> &'a str {
        self.site(host).name.as_deref().unwrap_or(host.as_str())
    }
}
