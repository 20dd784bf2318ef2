//! Filters of lists of invites.

use crate::{Invite, Kind, State, Timestamp, Username, rules};

/// A filter of a list of invites. An invite must satisfy every condition that is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InviteFilter {
    /// Only invites in this state.
    pub state: Option<State>,
    /// Only invites of this kind.
    pub kind: Option<Kind>,
    /// Only invites to this group.
    pub group: Option<String>,
    /// Only invites in the name of this member.
    pub inviter: Option<Username>,
    /// Only invites bound to this username.
    pub username: Option<Username>,
    /// Only invites whose note contains this text, in letters of either case.
    pub note: Option<String>,
    /// Only invites with this source, such as `cli` or `api/token/ID`.
    pub source: Option<String>,
    /// Only invites with, or without, an unanswered request for a renewal.
    pub renewal_requested: Option<bool>,
}

impl InviteFilter {
    /// Whether no condition is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the invite satisfies the conditions at this time.
    pub fn matches(&self, invite: &Invite, now: Timestamp) -> bool {
        self.state.is_none_or(|state| state == rules::state(invite, now))
            && self.kind.is_none_or(|kind| kind == invite.kind)
            && self.group.as_ref().is_none_or(|group| invite.groups.contains(group))
            && self.inviter.as_ref().is_none_or(|inviter| invite.inviter.as_ref() == Some(inviter))
            && self.username.as_ref().is_none_or(|username| invite.username.as_ref() == Some(username))
            && self.note.as_ref().is_none_or(|wanted| contains(invite.note.as_deref(), wanted))
            && self.source.as_ref().is_none_or(|source| source == invite.source.as_str())
            && self.renewal_requested.is_none_or(|given| given == invite.renewal_requested_at.is_some())
    }
}

/// Whether the note contains the text, in letters of either case.
fn contains(note: Option<&str>, wanted: &str) -> bool {
    note.is_some_and(|note| note.to_lowercase().contains(&wanted.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_found_in_letters_of_either_case() {
        for (note, wanted, found) in [
            (Some("for the Neighbours"), "NEIGHBOUR", true),
            (Some("für ÄNNE"), "änne", true),
            (Some("7b"), "7c", false),
            (Some("7b"), "", true),
            (None, "", false),
        ] {
            assert_eq!(contains(note, wanted), found, "{note:?} {wanted:?}");
        }
    }
}
