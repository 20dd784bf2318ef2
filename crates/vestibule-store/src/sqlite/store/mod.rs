//! The storage traits: each method runs a verb on a database thread.

mod hosts;
mod import;
mod invites;
mod keys;
mod maintenance;
mod members;
mod redemptions;
mod sessions;

use std::sync::Arc;

use vestibule_core::{Clock, Store};

use super::SqliteStore;

impl Store for SqliteStore {
    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }
}
