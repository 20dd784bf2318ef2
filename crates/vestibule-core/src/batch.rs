//! Batches of identical invites.

use std::{sync::Arc, vec};

use crate::{
    Draft, Host, Invite, InviteId, MintedInvite, NewInvite, Refusal, Source, Timestamp, Token, TokenHash,
};

/// Maximum size of a batch's rows in bytes: ten thousand invites with the maximum `data`.
pub const MAX_BATCH_BYTES: usize = 192 << 20;

/// Bytes of a row, without the texts of its draft.
const ROW_BYTES: usize = 512;

/// A token to be inserted.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The id derived from the token.
    pub id: InviteId,
    /// The lookup hash of the token.
    pub hash: TokenHash,
    /// The token, sealed.
    pub sealed_token: Vec<u8>,
}

/// A batch of invites to be inserted. They share one draft, so that memory does not grow with their number times its
/// size.
#[derive(Debug)]
pub struct NewBatch {
    /// The requested properties.
    pub draft: Draft,
    /// The tokens; at least one.
    pub tokens: Vec<NewToken>,
}

impl Draft {
    /// Rejects several invites for one username.
    pub fn check_count(&self, count: usize) -> Result<(), Refusal> {
        if self.username.is_some() && count > 1 {
            return Err(Refusal::field("count", "only one invite can be bound to a username"));
        }
        Ok(())
    }
}

impl NewBatch {
    /// Rejects a batch whose rows would take more than [`MAX_BATCH_BYTES`].
    pub fn check_size(draft: &Draft, count: usize) -> Result<(), Refusal> {
        let bytes = Self::row_bytes(draft);
        if count.saturating_mul(bytes) <= MAX_BATCH_BYTES {
            return Ok(());
        }
        let message = format!(
            "{count} invites of {bytes} bytes each are more than the {MAX_BATCH_BYTES} bytes of one batch; at most \
             {} of these at once",
            MAX_BATCH_BYTES / bytes
        );
        Err(Refusal::field("count", message))
    }

    /// Estimated bytes of a row.
    pub fn row_bytes(draft: &Draft) -> usize {
        let labels: usize = draft.groups.iter().chain(&draft.roles).map(|label| label.len() + 3).sum();
        let data = draft.data.as_ref().and_then(|data| serde_json::to_string(data).ok());
        let message = draft.message.as_ref().map_or(0, |message| message.as_str().len());
        let name = draft.inviter_name.as_ref().map_or(0, |name| name.as_str().len());
        Self::own_bytes(draft) + labels + data.map_or(0, |data| data.len()) + message + name
    }

    /// Estimated bytes of a row if the fields that all invites have in common, except the note, are stored once for the
    /// batch.
    pub fn own_bytes(draft: &Draft) -> usize {
        ROW_BYTES + draft.note.as_ref().map_or(0, String::len)
    }

    /// The first invite to store; the others differ only in id and token.
    pub fn to_invite(
        &self,
        host: Host,
        source: Source,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Option<Invite> {
        let NewToken { id, hash, sealed_token } = self.tokens.first()?.clone();
        let new = NewInvite { id, hash, sealed_token, draft: self.draft.clone() };
        Some(new.into_invite(host, source, now, expires_at))
    }
}

/// Stored invites that differ only in id and token.
#[derive(Clone, Debug)]
pub struct StoredBatch {
    /// The first invite.
    pub invite: Invite,
    /// The id and the sealed token of each invite.
    pub tokens: Arc<[(InviteId, Vec<u8>)]>,
}

/// Newly created invites, built lazily.
#[derive(Debug)]
pub struct MintedBatch {
    pub(crate) invite: Invite,
    pub(crate) tokens: Vec<(InviteId, Vec<u8>, Token)>,
}

impl MintedBatch {
    /// Number of invites.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the batch is empty.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

impl IntoIterator for MintedBatch {
    type Item = MintedInvite;
    type IntoIter = MintedInvites;

    fn into_iter(self) -> MintedInvites {
        MintedInvites { invite: self.invite, tokens: self.tokens.into_iter() }
    }
}

/// The invites of a [`MintedBatch`], in the order of creation.
#[derive(Debug)]
pub struct MintedInvites {
    invite: Invite,
    tokens: vec::IntoIter<(InviteId, Vec<u8>, Token)>,
}

impl Iterator for MintedInvites {
    type Item = MintedInvite;

    fn next(&mut self) -> Option<MintedInvite> {
        let (id, sealed_token, token) = self.tokens.next()?;
        Some(MintedInvite { invite: Invite { id, sealed_token, ..self.invite.clone() }, token })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.tokens.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    #[test]
    fn the_maximum_size_allows_ten_thousand_invites_with_full_data() {
        let data = Map::from_iter([("a".to_owned(), "x".repeat(16_000).into())]);
        let full = Draft { data: Some(data), ..Draft::default() };
        NewBatch::check_size(&full, 10_000).unwrap();
        let labels = vec!["x".repeat(250); 64];
        let fat = Draft { groups: labels.clone(), roles: labels, ..full };
        let Err(Refusal::Invalid(errors)) = NewBatch::check_size(&fat, 10_000) else { panic!("not refused") };
        assert_eq!(errors[0].field, "count");
        assert!(errors[0].message.contains("10000 invites of 48"), "{}", errors[0].message);
        NewBatch::check_size(&fat, 4_000).unwrap();
    }
}
