//! The storage traits: each method runs a verb in a transaction.

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

use super::PostgresStore;

impl Store for PostgresStore {
    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.engine.clock) as Arc<dyn Clock>
    }
}
