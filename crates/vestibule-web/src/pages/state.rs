//! State of the pages.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;

use super::{
    front::FrontKey,
    page_cache::{CacheKey, PageCache},
    preview::Gallery,
};
use crate::AppState;

/// The application's state and that of the pages. Cheap to clone.
#[derive(Clone)]
pub(super) struct PagesState(Arc<Inner>);

/// The fields of a [`PagesState`].
pub(super) struct Inner {
    app: AppState,
    pub(super) page_cache: PageCache<CacheKey>,
    pub(super) front_cache: PageCache<FrontKey>,
    pub(super) gallery: Gallery,
}

impl PagesState {
    pub(super) fn new(app: &AppState) -> Self {
        Self(Arc::new(Inner {
            app: app.clone(),
            page_cache: PageCache::default(),
            front_cache: PageCache::default(),
            gallery: Gallery::default(),
        }))
    }
}

impl Deref for PagesState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Deref for Inner {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.app
    }
}

impl FromRef<PagesState> for AppState {
    fn from_ref(state: &PagesState) -> Self {
        state.app.clone()
    }
}
