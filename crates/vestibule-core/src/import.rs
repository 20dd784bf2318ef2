//! Invites and keys of another program that this service takes over.

use crate::{Draft, Invite, Source, Timestamp, Token, TokenHash};

/// An invite of another program, with its token.
#[derive(Clone, Debug)]
pub struct ForeignInvite {
    /// The token, which the invite keeps.
    pub token: Token,
    /// Its properties. Their expiry is not used.
    pub draft: Draft,
    /// When the other program created it.
    pub created_at: Timestamp,
    /// It is expired from this time on.
    pub expires_at: Timestamp,
    /// Its creator, as the other program has noted it.
    pub source: Source,
}

/// An invite to import, of the host of the [`crate::Principal`].
#[derive(Clone, Debug)]
pub struct ImportedInvite {
    /// The invite. Its id is derived from the token that it keeps.
    pub invite: Invite,
    /// The lookup hash of the token.
    pub hash: TokenHash,
}

/// Whether an import writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Write what is new.
    Write,
    /// Like [`ImportMode::Write`], but also keys that were deleted here, because the operator names them.
    WriteAgain,
    /// Only report what would be written.
    DryRun,
}

/// What an import did with one invite or key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// It is new, and was written unless the import is a dry run.
    New,
    /// It was imported before, and was left as it is now.
    Present,
    /// It was here before, and was deleted: a key by its administrator, an invite by the purge.
    DeletedHere,
    /// Its username is reserved for another invite (rule 5).
    UsernameReserved,
    /// Another host has the same token or key id.
    OtherHost,
    /// A key with the same id and another secret exists.
    OtherSecret,
    /// The host has as many keys as it can have ([`crate::rules::MAX_KEYS`]).
    TooManyKeys,
}
