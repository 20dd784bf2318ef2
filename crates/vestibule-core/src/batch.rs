//! Many invites that are all the same.

use std::{sync::Arc, vec};

use crate::{
    Draft, Host, Invite, InviteId, MintedInvite, NewInvite, Refusal, Source, Timestamp, Token, TokenHash,
};

/// What the rows of one batch may take, in bytes: ten thousand invites with as much `data` as there may be.
pub const MAX_BATCH_BYTES: usize = 192 << 20;

/// What a row takes beside the texts of its draft, in bytes.
const ROW_BYTES: usize = 512;

/// A token on its way into the store.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// The id that follows from the token.
    pub id: InviteId,
    /// The hash to find it by.
    pub hash: TokenHash,
    /// The token, sealed.
    pub sealed_token: Vec<u8>,
}

/// Invites on their way into the store. They share their draft, so that memory does not grow with both their
/// number and its size.
#[derive(Debug)]
pub struct NewBatch {
    /// What was asked for.
    pub draft: Draft,
    /// The tokens, at least one.
    pub tokens: Vec<NewToken>,
}

impl Draft {
    /// Refuses several invites for one username.
    pub fn check_count(&self, count: usize) -> Result<(), Refusal> {
        if self.username.is_some() && count > 1 {
            return Err(Refusal::field("count", "only one invite can be bound to a username"));
        }
        Ok(())
    }
}

impl NewBatch {
    /// Refuses a number of invites whose rows would take more than [`MAX_BATCH_BYTES`].
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

    /// About how many bytes a row takes.
    pub fn row_bytes(draft: &Draft) -> usize {
        let labels: usize = draft.groups.iter().chain(&draft.roles).map(|label| label.len() + 3).sum();
        let data = draft.data.as_ref().and_then(|data| serde_json::to_string(data).ok());
        Self::own_bytes(draft) + labels + data.map_or(0, |data| data.len())
    }

    /// About how many bytes a row takes where labels and data, which never change, are stored once for all of them.
    pub fn own_bytes(draft: &Draft) -> usize {
        ROW_BYTES + draft.note.as_ref().map_or(0, String::len)
    }

    /// What its invites have in common, as they will be stored; id and token are those of the first.
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

/// Invites that are on disk, and share all but their ids and tokens.
#[derive(Clone, Debug)]
pub struct StoredBatch {
    /// The first of them.
    pub invite: Invite,
    /// The id and the sealed token of each.
    pub tokens: Arc<[(InviteId, Vec<u8>)]>,
}

/// Freshly minted invites. They are put together one by one, as they are read.
#[derive(Debug)]
pub struct MintedBatch {
    pub(crate) invite: Invite,
    pub(crate) tokens: Vec<(InviteId, Vec<u8>, Token)>,
}

impl MintedBatch {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are none.
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

/// The invites of a [`MintedBatch`], in the order in which they were made.
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
    fn a_batch_is_bounded_in_bytes_and_ten_thousand_with_full_data_fit() {
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
