//! State of the pages.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;

use super::{in_flight_forms::InFlightForms, page_cache::PageCache};
use crate::AppState;

/// The application's state and that of the pages. Cheap to clone.
#[derive(Clone)]
pub(super) struct PagesState {
    app: AppState,
    pub(super) page_cache: Arc<PageCache>,
    pub(super) in_flight_forms: Arc<InFlightForms>,
}

impl PagesState {
    pub(super) fn new(app: &AppState) -> Self {
        Self { app: app.clone(), page_cache: Arc::default(), in_flight_forms: Arc::default() }
    }
}

impl Deref for PagesState {
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
