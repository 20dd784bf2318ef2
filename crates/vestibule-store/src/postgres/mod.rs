//! The engine for many nodes: PostgreSQL.
//!
//! Nodes are equal and share nothing but the database; no node keeps state that decides anything. Reads see one
//! snapshot. Changes run under the lock of their host (see [`transactions::transaction`]), most of them in batches (see
//! [`batching::batcher`]).

mod batch;
mod batching;
mod connections;
pub(crate) mod error;
mod migrations;
pub(crate) mod open;
#[cfg(test)]
mod sql_tests;
mod statements;
mod store;
pub(crate) mod table_io;
mod transactions;

use std::{future::Future, sync::Arc};

use tokio::task::JoinHandle;
use vestibule_core::StoreError;

use self::{batching::batcher::Batcher, error::EngineError, transactions::engine::EngineContext};

/// The engine for many nodes.
pub(crate) struct PostgresStore {
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    maintenance: JoinHandle<()>,
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.maintenance.abort();
        self.engine.pool.close();
    }
}

impl PostgresStore {
    /// Runs work to its end even if the caller is cancelled, because a connection with an open transaction cannot be
    /// reused. Each step of the work has a timeout.
    async fn run<R: Send + 'static>(
        &self,
        work: impl Future<Output = Result<R, EngineError>> + Send + 'static,
    ) -> Result<R, StoreError> {
        match tokio::spawn(work).await {
            Ok(outcome) => outcome.map_err(EngineError::into_error),
            Err(error) => Err(StoreError::Unknown(error.to_string())),
        }
    }

    fn engine(&self) -> Arc<EngineContext> {
        Arc::clone(&self.engine)
    }

    fn batcher(&self) -> Arc<Batcher> {
        Arc::clone(&self.batcher)
    }
}
