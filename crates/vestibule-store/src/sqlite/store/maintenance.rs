use std::sync::Arc;

use async_trait::async_trait;
use vestibule_core::{Cursor, MaintenanceStore, PendingCounts, PurgeStep, Retention, StoreError};

use crate::{
    sqlite::{SqliteStore, statements::hosts::probe},
    verbs::{maintenance, rows::KeyRows, run_ready},
};

#[async_trait]
impl MaintenanceStore for SqliteStore {
    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        self.writer.run(move |tx| run_ready(maintenance::purge(tx, keep, from))).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        self.lists.run(move |tx| run_ready(maintenance::count_pending(tx, from))).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        let uses = Arc::new(self.key_uses.unwritten());
        if uses.is_empty() {
            return Ok(());
        }
        let noted = Arc::clone(&uses);
        self.writer.run(move |tx| run_ready(tx.store_key_uses(&noted))).await?;
        self.key_uses.written(&uses);
        Ok(())
    }

    async fn probe(&self) -> Result<(), StoreError> {
        let was_failing = self.health.is_failing();
        self.writer.run(probe).await?;
        if was_failing {
            self.health.recovered();
        }
        Ok(())
    }
}
