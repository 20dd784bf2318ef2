//! Properties of a new invite.

use serde_json::{Map, Value};

use crate::{
    Expiry, FieldError, HostPolicy, InviterName, Kind, LanguageTag, Message, Refusal, Scope, Scopes,
    Timestamp, Username, expiry::check_expiry,
};

const MAX_LABELS: usize = 64;
const MAX_LABEL_BYTES: usize = 256;
const MAX_DATA_BYTES: usize = 16_384;

/// The requested properties of a new invite.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Kind of the invite.
    pub kind: Kind,
    /// The only username that can redeem the invite.
    pub username: Option<Username>,
    /// The inviter.
    pub inviter: Option<Username>,
    /// Roles of the inviter on the XMPP server, which select its limits. Not stored.
    pub inviter_roles: Vec<String>,
    /// Groups that the new account joins.
    pub groups: Vec<String>,
    /// Roles that the new account gets.
    pub roles: Vec<String>,
    /// Number of uses; `None` is unlimited.
    pub max_uses: Option<u32>,
    /// Expiry.
    pub expiry: Expiry,
    /// A note for people.
    pub note: Option<String>,
    /// A free-form JSON object, stored unchanged.
    pub data: Option<Map<String, Value>>,
    /// A word to the invited person.
    pub message: Option<Message>,
    /// Display name of the inviter; needs no scope of its own.
    pub inviter_name: Option<InviterName>,
    /// The language of the pages for a visitor without a preference.
    pub language: Option<LanguageTag>,
}

/// One account with the host's default lifetime, as created by the API of `mod_invites_api`.
impl Default for Draft {
    fn default() -> Self {
        Self {
            kind: Kind::Account,
            username: None,
            inviter: None,
            inviter_roles: Vec::new(),
            groups: Vec::new(),
            roles: Vec::new(),
            max_uses: Some(1),
            expiry: Expiry::Policy,
            note: None,
            data: None,
            message: None,
            inviter_name: None,
            language: None,
        }
    }
}

impl Draft {
    /// Maximum length of a note in bytes.
    pub const MAX_NOTE_BYTES: usize = 2_000;

    /// Checks the rules that depend neither on the time nor on stored data. Reports all invalid fields.
    pub fn validate(&self) -> Result<(), Refusal> {
        let mut errors = Vec::new();
        let mut refuse = |broken: bool, field, message: &str| {
            if broken {
                errors.push(FieldError::new(field, message));
            }
        };
        let kind = self.kind;
        refuse(
            kind == Kind::PasswordReset && self.username.is_none(),
            "username",
            "a password-reset invite needs the username of the account",
        );
        refuse(
            kind == Kind::Contact && self.username.is_some(),
            "username",
            "a contact invite creates no account, so it cannot be bound to a username",
        );
        refuse(
            kind.makes_contact() && self.inviter.is_none(),
            "inviter",
            "this kind of invite needs an inviter, who becomes the contact",
        );
        refuse(
            kind == Kind::PasswordReset && self.inviter.is_some(),
            "inviter",
            "a password-reset invite cannot have an inviter",
        );
        refuse(
            self.inviter.is_some() && self.inviter == self.username,
            "inviter",
            "the inviter and the invitee cannot be the same user",
        );
        refuse(
            self.inviter.is_none() && !self.inviter_roles.is_empty(),
            "inviter_roles",
            "roles of an inviter need an inviter",
        );
        let labels = !self.groups.is_empty() || !self.roles.is_empty();
        refuse(
            labels && !kind.makes_account(),
            "groups",
            "only invites that create an account can have groups and roles",
        );
        refuse(self.max_uses == Some(0), "max_uses", "an invite needs at least one use");
        refuse(
            self.username.is_some() && self.max_uses != Some(1),
            "max_uses",
            "an invite for one username has exactly one use",
        );
        errors.extend(inviter_name_error(kind, self.inviter_name.as_ref()));
        errors.extend(label_errors("groups", &self.groups));
        errors.extend(label_errors("roles", &self.roles));
        errors.extend(label_errors("inviter_roles", &self.inviter_roles));
        errors.extend(self.note.as_deref().and_then(note_error));
        errors.extend(self.data.as_ref().and_then(data_error));
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    }

    /// The scopes that a key needs to create such an invite. Only an XMPP server knows the roles of an inviter.
    pub fn needed_scopes(&self) -> Scopes {
        let for_kind = match self.kind {
            Kind::PasswordReset => Scope::InvitesReset,
            Kind::Contact | Kind::AccountAndContact => Scope::InvitesContact,
            Kind::Account if self.inviter.is_some() => Scope::InvitesContact,
            Kind::Account => Scope::InvitesCreate,
        };
        let roles = (!self.roles.is_empty()).then_some(Scope::InvitesRoles);
        let inviter_roles = (!self.inviter_roles.is_empty()).then_some(Scope::Redeem);
        [Some(for_kind), roles, inviter_roles].into_iter().flatten().collect()
    }

    /// Checks that the host allows the username for new accounts. A password reset is for an existing account.
    pub fn check_username(&self, policy: &HostPolicy) -> Result<(), Refusal> {
        let username = self.username.as_ref().filter(|_| self.kind.makes_account());
        match username.and_then(|name| policy.reserved_usernames.forbids(name)) {
            Some(why) => Err(Refusal::field("username", format!("{why} (setting reserved_usernames)"))),
            None => Ok(()),
        }
    }

    /// When the invite expires if it is created at `now` on a host of this policy.
    pub fn expires_at(&self, now: Timestamp, policy: &HostPolicy) -> Result<Timestamp, Refusal> {
        let at = match self.expiry {
            Expiry::Policy => return Ok(now.plus(policy.invite_expiry)),
            Expiry::In(span) => now.plus(span),
            Expiry::At(at) => at,
        };
        check_expiry(self.expiry.field(), at, now).map_err(|error| Refusal::Invalid(vec![error]))
    }
}

fn label_errors(field: &'static str, labels: &[String]) -> Option<FieldError> {
    if labels.len() > MAX_LABELS {
        return Some(FieldError::new(field, format!("at most {MAX_LABELS} of them")));
    }
    let broken = |label: &String| {
        label.trim().is_empty() || label.len() > MAX_LABEL_BYTES || label.chars().any(char::is_control)
    };
    labels.iter().any(broken).then(|| {
        let message = format!("each must have 1 to {MAX_LABEL_BYTES} bytes without control characters");
        FieldError::new(field, message)
    })
}

pub(crate) fn note_error(note: &str) -> Option<FieldError> {
    let broken = note.len() > Draft::MAX_NOTE_BYTES || note.contains('\0');
    broken.then(|| FieldError::new("note", format!("at most {} bytes, without NUL", Draft::MAX_NOTE_BYTES)))
}

/// A password reset is for the owner of an account, whom nobody invites.
pub(crate) fn inviter_name_error(kind: Kind, name: Option<&InviterName>) -> Option<FieldError> {
    let broken = kind == Kind::PasswordReset && name.is_some();
    broken.then(|| {
        FieldError::new("inviter_name", "a password-reset invite cannot have the name of an inviter")
    })
}

fn data_error(data: &Map<String, Value>) -> Option<FieldError> {
    let bytes = serde_json::to_string(data).map_or(usize::MAX, |text| text.len());
    (bytes > MAX_DATA_BYTES)
        .then(|| FieldError::new("data", format!("at most {MAX_DATA_BYTES} bytes as JSON")))
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, time::Duration};

    use super::*;
    use crate::MAX_EXPIRY;

    fn name(text: &str) -> Option<Username> {
        Username::parse(text).ok()
    }

    fn invalid_fields(draft: &Draft) -> Vec<Cow<'static, str>> {
        match draft.validate() {
            Ok(()) => Vec::new(),
            Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_kind_restricts_its_properties() {
        let draft = |kind, username, inviter| Draft { kind, username, inviter, ..Draft::default() };
        let table = [
            (draft(Kind::Account, None, None), vec![]),
            (draft(Kind::Account, name("bob"), name("ann")), vec![]),
            (draft(Kind::AccountAndContact, None, name("ann")), vec![]),
            (draft(Kind::AccountAndContact, None, None), vec!["inviter"]),
            (draft(Kind::Contact, None, name("ann")), vec![]),
            (draft(Kind::Contact, None, None), vec!["inviter"]),
            (draft(Kind::Contact, name("bob"), name("ann")), vec!["username"]),
            (draft(Kind::PasswordReset, name("bob"), None), vec![]),
            (draft(Kind::PasswordReset, None, None), vec!["username"]),
            (draft(Kind::PasswordReset, name("bob"), name("ann")), vec!["inviter"]),
            (draft(Kind::Account, name("bob"), name("bob")), vec!["inviter"]),
        ];
        for (draft, expected) in table {
            assert_eq!(invalid_fields(&draft), expected, "{draft:?}");
        }
    }

    #[test]
    fn only_a_password_reset_has_no_inviter_name() {
        for kind in Kind::ALL {
            let username = name("bob").filter(|_| kind == Kind::PasswordReset);
            let inviter = name("ann").filter(|_| kind.makes_contact());
            let inviter_name = InviterName::parse("Ann").unwrap();
            let draft = Draft { kind, username, inviter, inviter_name, ..Draft::default() };
            let expected: &[&str] = if kind == Kind::PasswordReset { &["inviter_name"] } else { &[] };
            assert_eq!(invalid_fields(&draft), expected, "{kind}");
            let draft = Draft {
                inviter_name: None,
                message: Message::parse("Choose a good one").unwrap(),
                language: LanguageTag::parse("de").unwrap(),
                ..draft
            };
            assert_eq!(invalid_fields(&draft), [""; 0], "{kind}");
        }
    }

    #[test]
    fn each_property_requires_its_scope() {
        let of = |kind, inviter, roles: &[&str]| {
            let roles = roles.iter().map(|role| (*role).to_owned()).collect();
            Draft { kind, inviter, roles, ..Draft::default() }.needed_scopes().to_string()
        };
        assert_eq!(of(Kind::Account, None, &[]), "invites:create");
        assert_eq!(of(Kind::Account, name("ann"), &[]), "invites:contact");
        assert_eq!(of(Kind::Account, None, &["admin"]), "invites:create,invites:roles");
        assert_eq!(of(Kind::AccountAndContact, name("ann"), &["x"]), "invites:contact,invites:roles");
        assert_eq!(of(Kind::Contact, name("ann"), &[]), "invites:contact");
        assert_eq!(of(Kind::PasswordReset, None, &[]), "invites:reset");
        let of_member = Draft {
            kind: Kind::Contact,
            inviter: name("ann"),
            inviter_roles: vec!["prosody:admin".to_owned()],
            ..Draft::default()
        };
        assert_eq!(of_member.needed_scopes().to_string(), "invites:contact,redeem");
        let named = Draft { inviter_name: InviterName::parse("Ann").unwrap(), ..Draft::default() };
        assert_eq!(named.needed_scopes().to_string(), "invites:create");
    }

    #[test]
    fn a_reserved_name_is_only_for_existing_accounts() {
        let policy = HostPolicy::default();
        let check =
            |kind, text| Draft { kind, username: name(text), ..Draft::default() }.check_username(&policy);
        assert!(check(Kind::Account, "admin").is_err());
        assert!(check(Kind::Account, "\u{430}dmin").is_err());
        assert_eq!(check(Kind::PasswordReset, "admin"), Ok(()));
        assert_eq!(check(Kind::Account, "bob"), Ok(()));
    }

    #[test]
    fn sizes_are_limited() {
        let base = Draft::default;
        let table = [
            (Draft { max_uses: Some(0), ..base() }, "max_uses"),
            (Draft { max_uses: None, username: name("bob"), ..base() }, "max_uses"),
            (Draft { groups: vec![String::new()], ..base() }, "groups"),
            (Draft { groups: vec!["x".to_owned(); 65], ..base() }, "groups"),
            (Draft { roles: vec!["a\nb".to_owned()], ..base() }, "roles"),
            (Draft { note: Some("x".repeat(2_001)), ..base() }, "note"),
            (
                Draft { data: Some(Map::from_iter([("a".to_owned(), "x".repeat(20_000).into())])), ..base() },
                "data",
            ),
        ];
        for (draft, expected) in table {
            assert_eq!(invalid_fields(&draft), [expected]);
        }
    }

    #[test]
    fn expiry_is_in_the_future_within_the_maximum() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let policy = HostPolicy { invite_expiry: Duration::from_hours(168), ..HostPolicy::default() };
        let at = |expiry| Draft { expiry, ..Draft::default() }.expires_at(now, &policy);
        assert_eq!(at(Expiry::Policy), Ok(now.plus(policy.invite_expiry)));
        assert_eq!(at(Expiry::In(Duration::from_secs(90))), Ok(now.plus(Duration::from_secs(90))));
        assert!(at(Expiry::At(now)).is_err());
        assert!(at(Expiry::In(MAX_EXPIRY + Duration::from_secs(1))).is_err());
    }
}
