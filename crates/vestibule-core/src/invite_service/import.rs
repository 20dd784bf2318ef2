//! Importing invites of another program.

use crate::{
    ForeignInvite, ImportMode, ImportOutcome, ImportedInvite, InviteService, NewInvite, Principal, StoreError,
};

/// Invites that one transaction imports.
const SLICE: usize = 1_000;

impl InviteService {
    /// Imports invites of another program with their tokens. Safe to repeat. The outcomes are in the order of the
    /// invites; `progress` gets the number of invites that are done.
    ///
    /// Invites of one call may not have the same token, or reserve the same username.
    pub async fn import_invites(
        &self,
        by: &Principal,
        invites: Vec<ForeignInvite>,
        mode: ImportMode,
        mut progress: impl FnMut(u64),
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        let host = self.store().authorize(by, crate::Scopes::from_iter([])).await?.host;
        let mut outcomes = Vec::with_capacity(invites.len());
        let mut invites = invites.into_iter();
        while !invites.as_slice().is_empty() {
            let slice = invites.by_ref().take(SLICE).map(|foreign| {
                let ForeignInvite { token, draft, created_at, expires_at, source } = foreign;
                let lookup = token.lookup_key();
                let sealed_token = self.seal_key().seal_token(lookup.id, &token);
                let new = NewInvite { id: lookup.id, hash: lookup.hash, sealed_token, draft };
                let invite = new.into_invite(host.clone(), source, created_at, expires_at);
                ImportedInvite { invite, hash: lookup.hash }
            });
            outcomes.extend(self.store().import_invites(by, slice.collect(), mode).await?);
            progress(u64::try_from(outcomes.len()).unwrap_or(u64::MAX));
        }
        Ok(outcomes)
    }
}
