//! A member as JSON.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_core::{Member, MemberDetails, Username};

/// An account that was created with an invite, as in the API and in `--json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// The username.
    pub username: String,
    /// Time of the registration, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    pub joined_at: String,
    /// The channel of the registration: `ibr`, `web` and so on.
    pub via: String,
    /// The `id` of the invite.
    pub invite: String,
    /// The inviter that the invite names; `null` if it names none.
    #[schema(required)]
    pub invited_by: Option<String>,
    /// Creator of the invite: `api/token/ID` for a key, `cli`.
    pub source: String,
    /// Time at which the XMPP server reported that the account was deleted; `null` if it did not.
    #[schema(required, format = DateTime)]
    pub deleted_at: Option<String>,
}

/// A member, and those who joined with its invites.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MemberDetails)]
pub struct MemberDetailsView {
    /// The member.
    #[serde(flatten)]
    pub member: MemberView,
    /// The usernames of the members that it invited, newest first, at most 500.
    pub invited: Vec<String>,
    /// Whether it may invite; `false` if an operator has stopped it.
    pub may_invite: bool,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            username: member.username.to_string(),
            joined_at: member.joined_at.to_string(),
            via: member.via.as_str().to_owned(),
            invite: member.invite.to_string(),
            invited_by: member.invited_by.as_ref().map(Username::to_string),
            source: member.source.to_string(),
            deleted_at: member.deleted_at.map(|at| at.to_string()),
        }
    }
}

impl From<MemberDetails> for MemberDetailsView {
    fn from(details: MemberDetails) -> Self {
        let invited = details.invited.iter().map(|member| member.username.to_string()).collect();
        Self { member: details.member.into(), invited, may_invite: details.may_invite }
    }
}

// The description repeats this number.
const _: () = assert!(MemberDetails::MAX_INVITED == 500);
