use async_trait::async_trait;
use vestibule_core::{
    ImportMode, ImportOutcome, ImportStore, ImportedInvite, KeyRecord, Principal, StoreError,
};

use crate::{
    postgres::{
        PostgresStore,
        transactions::authorization::{authorize, authorize_and_charge, begin_write},
    },
    verbs::import,
};

#[async_trait]
impl ImportStore for PostgresStore {
    async fn import_invites(
        &self,
        by: &Principal,
        invites: Vec<ImportedInvite>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let import = async move {
            let caller = authorize(&engine, &by, import::invites_scopes()).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = import::invites(&tx, &caller, &invites, mode).await;
            tx.end(outcome).await
        };
        self.run(import).await
    }

    async fn import_keys(
        &self,
        by: &Principal,
        keys: Vec<KeyRecord>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let import = async move {
            let caller = authorize_and_charge(&engine, &by, import::KEYS_SCOPE).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = import::keys(&tx, &caller, &keys, mode).await;
            tx.end(outcome).await
        };
        self.run(import).await
    }
}
