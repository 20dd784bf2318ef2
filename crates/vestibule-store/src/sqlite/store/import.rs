use async_trait::async_trait;
use vestibule_core::{
    ImportMode, ImportOutcome, ImportStore, ImportedInvite, KeyRecord, Principal, StoreError,
};

use crate::{
    sqlite::{
        SqliteStore,
        authorization::{authorize, authorize_and_charge},
    },
    verbs::{import, run_ready},
};

#[async_trait]
impl ImportStore for SqliteStore {
    async fn import_invites(
        &self,
        by: &Principal,
        invites: Vec<ImportedInvite>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        let by = by.clone();
        let import = self.writer.run(move |tx| {
            let caller = authorize(tx, &by, import::invites_scopes())?;
            run_ready(import::invites(tx, &caller, &invites, mode))
        });
        import.await
    }

    async fn import_keys(
        &self,
        by: &Principal,
        keys: Vec<KeyRecord>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        let by = by.clone();
        let import = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, import::KEYS_SCOPE)?;
            run_ready(import::keys(tx, &caller, &keys, mode))
        });
        import.await
    }
}
