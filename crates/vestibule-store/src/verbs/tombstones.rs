//! Tombstones: what was deleted here, so that a repeated import does not bring it back.

use vestibule_core::{InviteId, KeyId, Timestamp};

use super::rows::TransactionContext;
use crate::caller::Caller;

/// Deleted keys, which stay for good, and imported invites, until the other program lets them expire.
pub(crate) trait TombstoneRows: TransactionContext {
    /// Notes that a key of the caller's host was deleted.
    async fn insert_deleted_key(&self, caller: &Caller, id: &KeyId) -> Result<(), Self::Error>;
    /// The number of the host of a deleted key.
    async fn host_of_deleted_key(&self, id: &KeyId) -> Result<Option<i64>, Self::Error>;
    /// Notes invites of a host, with the times at which they expire. A later time that was noted before stays.
    async fn insert_invite_tombstones(
        &self,
        host_number: i64,
        invites: &[(InviteId, Timestamp)],
    ) -> Result<(), Self::Error>;
    /// Removes at most `limit` of those that expire at `until` or before.
    async fn delete_invite_tombstones(&self, until: Timestamp, limit: i64) -> Result<(), Self::Error>;
}
