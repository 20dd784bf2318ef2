//! Parameters and results of the storage traits.

use crate::{
    ClaimId, Event, Expiry, Host, Invite, InviteFilter, InviteId, KeyId, Rate, Redemption, Scopes,
    SecretHash, Source, Timestamp, TokenLookup, Username, Via,
};

/// A position in a list. Opaque; defined by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// Selection of invites, newest first.
#[derive(Clone, Debug, Default)]
pub struct InviteQuery {
    /// Which invites.
    pub filter: InviteFilter,
    /// Position: the `next` of the previous page.
    pub before: Option<Cursor>,
    /// Maximum number of items.
    pub limit: u32,
}

/// A page of invites.
#[derive(Clone, Debug)]
pub struct InvitePage {
    /// The invites, newest first. A page with a `next` can be short or empty, because the number of scanned rows is
    /// bounded.
    pub items: Vec<Invite>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

/// An invite, with the newest of its redemptions.
#[derive(Clone, Debug)]
pub struct InviteDetails {
    /// The invite.
    pub invite: Invite,
    /// The first page of its redemptions, of [`RedemptionQuery::FIRST`].
    pub redemptions: RedemptionPage,
    /// Number of live claims: registrations in progress.
    pub live_claims: u32,
    /// Time until which it refuses registrations, because too many have failed.
    pub exhausted_until: Option<Timestamp>,
}

/// Selection of an invite's redemptions, newest claim first.
#[derive(Clone, Copy, Debug)]
pub struct RedemptionQuery {
    /// Position: the `next` of the previous page.
    pub before: Option<ClaimId>,
    /// Maximum number of items.
    pub limit: u32,
}

impl RedemptionQuery {
    /// The page that is part of [`InviteDetails`].
    pub const FIRST: Self = Self { before: None, limit: 100 };
}

/// A page of redemptions.
#[derive(Clone, Debug, Default)]
pub struct RedemptionPage {
    /// The redemptions, newest claim first.
    pub items: Vec<Redemption>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<ClaimId>,
}

/// A member: an account that was created with an invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The claim that created the account.
    pub claim: ClaimId,
    /// The username of the account.
    pub username: Username,
    /// Time of the registration.
    pub joined_at: Timestamp,
    /// Channel of the registration.
    pub via: Via,
    /// The invite.
    pub invite: InviteId,
    /// The inviter, if the invite names one.
    pub invited_by: Option<Username>,
    /// Creator of the invite.
    pub source: Source,
    /// Time at which the account was reported as deleted.
    pub deleted_at: Option<Timestamp>,
}

/// Selection of members, newest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemberQuery {
    /// Position: the `next` of the previous page.
    pub before: Option<ClaimId>,
    /// Maximum number of items.
    pub limit: u32,
}

/// A page of members.
#[derive(Clone, Debug, Default)]
pub struct MemberPage {
    /// The members, newest claim first.
    pub items: Vec<Member>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<ClaimId>,
}

/// A member and the people it invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDetails {
    /// The member. If the username was registered again after its account was deleted, the newest account.
    pub member: Member,
    /// The members that joined with an invite of this member, newest first, at most [`Self::MAX_INVITED`].
    pub invited: Vec<Member>,
    /// Whether keys create invites in its name.
    pub may_invite: bool,
}

impl MemberDetails {
    /// Maximum number of invited members.
    pub const MAX_INVITED: u32 = 500;
}

/// The invites that [`crate::MemberStore::revoke_invites_of`] revokes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevokedInvites {
    /// Those of the member.
    OfMember,
    /// Those of the member, of those whom it invited, of those whom they invited, and so on.
    OfBranch,
}

/// A presented token.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// The invite, by its token.
    pub token: TokenLookup,
    /// The intended username, if known.
    pub username: Option<Username>,
    /// Time of an earlier check, such as that of a submitted form.
    pub admitted_at: Option<Timestamp>,
}

/// Ages from which data is purged.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Invites inactive since before this time, with their claims.
    pub invites_over_before: Timestamp,
    /// Events before this time.
    pub events_before: Timestamp,
    /// Failed claims made before this time.
    pub failed_claims_before: Timestamp,
    /// Members that joined before this time; `None` keeps them for ever.
    pub members_before: Option<Timestamp>,
}

/// Selection of events, oldest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventQuery {
    /// Only events after this `seq`; 0 for all.
    pub after: i64,
    /// Maximum number of items.
    pub limit: u32,
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The events, oldest first.
    pub items: Vec<Event>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<i64>,
}

/// Settings that the service stores about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The public URL that was configured last.
    PublicUrl,
    /// The URL at which the last `serve` listened. Links begin with it if no public URL was configured.
    ListenUrl,
    /// A check value of the seal key of this database.
    SealCheck,
    /// The probes of `doctor` that arrived, newest first.
    Probes,
    /// The public URLs of the hosts that have their own, in the last `serve`: a line `HOST URL` for each.
    HostUrls,
}

impl Setting {
    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicUrl => "public_url",
            Self::ListenUrl => "listen_url",
            Self::SealCheck => "seal_check",
            Self::Probes => "probes",
            Self::HostUrls => "host_urls",
        }
    }
}

/// The result of one purge step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurgeStep {
    /// Number of removed invites.
    pub removed: u32,
    /// Start of the next step; `None` after the last invite.
    pub next: Option<Cursor>,
}

/// The result of one counting step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingCounts {
    /// Number of pending invites among the scanned ones, by host. Hosts without any may be missing.
    pub pending: Vec<(Host, u64)>,
    /// Start of the next step; `None` after the last invite.
    pub next: Option<Cursor>,
}

/// A key to be inserted; its host is that of the [`Principal`].
#[derive(Clone, Debug)]
pub struct NewKeyRecord {
    /// The public half.
    pub id: KeyId,
    /// Hash of the secret.
    pub secret: SecretHash,
    /// Display name.
    pub name: Option<String>,
    /// Scopes.
    pub scopes: Scopes,
    /// Expiry.
    pub expiry: Expiry,
    /// Rate limit.
    pub rate: Option<Rate>,
}
