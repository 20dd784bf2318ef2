use async_trait::async_trait;
use vestibule_core::{Cursor, MaintenanceStore, PendingCounts, PurgeStep, Retention, StoreError};

use crate::{
    postgres::{PostgresStore, statements::hosts::probe, transactions::transaction::Transaction},
    verbs::{maintenance, rows::KeyRows},
};

#[async_trait]
impl MaintenanceStore for PostgresStore {
    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        let engine = self.engine();
        let purge = async move {
            let tx = Transaction::write(&engine, &[]).await?;
            let outcome = maintenance::purge(&tx, keep, from).await;
            tx.end(outcome).await
        };
        self.run(purge).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        let engine = self.engine();
        let count = async move {
            let tx = Transaction::statements(&engine).await?;
            let outcome = maintenance::count_pending(&tx, from).await;
            tx.end(outcome).await
        };
        self.run(count).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        let engine = self.engine();
        let store = async move {
            let uses = engine.key_uses.unwritten();
            if uses.is_empty() {
                return Ok(());
            }
            let tx = Transaction::write(&engine, &[]).await?;
            let outcome = tx.store_key_uses(&uses).await;
            tx.end(outcome).await?;
            engine.key_uses.written(&uses);
            Ok(())
        };
        self.run(store).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.run(probe(self.engine())).await
    }
}
