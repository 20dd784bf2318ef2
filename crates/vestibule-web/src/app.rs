//! What every handler can reach.

use std::{collections::HashMap, ops::Deref, sync::Arc};

use vestibule_core::{Desk, Host};

use crate::{
    Gate, Links,
    ops::{Pending, Readiness},
    pages::Pages,
};

/// What the operator says about one host.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// What people call it; the host's name where it is empty.
    pub name: Option<String>,
}

/// What the operator says about each host.
pub type Sites = HashMap<String, Site>;

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The verbs.
    pub desk: Desk,
    /// How links are made.
    pub links: Links,
    /// How pages are made.
    pub pages: Pages,
    /// Whether the service is ready.
    pub readiness: Readiness,
    /// When pending invites were last counted.
    pub pending: Pending,
    /// What stands before all routes.
    pub gate: Gate,
    sites: Sites,
}

impl App {
    /// Puts the parts together, behind a gate as it is by default.
    pub fn new(desk: Desk, links: Links, sites: Sites) -> Self {
        Self::behind(Gate::default(), desk, links, sites)
    }

    /// Puts the parts together.
    pub fn behind(gate: Gate, desk: Desk, links: Links, sites: Sites) -> Self {
        let pages = Pages::new(links.path());
        let (readiness, pending) = (Readiness::default(), Pending::default());
        Self(Arc::new(Parts { desk, links, pages, readiness, pending, gate, sites }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    /// What people call a host.
    pub fn site_name<'a>(&'a self, host: &'a Host) -> &'a str {
        self.sites.get(host.as_str()).and_then(|site| site.name.as_deref()).unwrap_or(host.as_str())
    }
}
