//! The `xmpp:` URI of an invite.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{Host, Invite, Kind, Token, Username};

/// Characters of a node or domain that need no encoding (RFC 5122 section 2.2).
const KEEP: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'*');

/// The `xmpp:` URI of an invite.
///
/// Accounts and resets: `xmpp:[USER@]HOST?register;preauth=T` (XEP-0445 section 3). Contacts:
/// `xmpp:USER@HOST?roster;preauth=T` (XEP-0379 section 3), with `;ibr=y` if the invitee may register on the host
/// (XEP-0401 section 4). Apps rely on the order and the separator.
pub fn xmpp_uri(invite: &Invite, token: &Token) -> String {
    let token = token.expose();
    match (invite.kind, &invite.inviter) {
        (Kind::AccountAndContact, Some(inviter)) => {
            format!("xmpp:{}?roster;preauth={token};ibr=y", address(Some(inviter), &invite.host))
        }
        (Kind::Contact, Some(inviter)) => {
            format!("xmpp:{}?roster;preauth={token}", address(Some(inviter), &invite.host))
        }
        _ => format!("xmpp:{}?register;preauth={token}", address(invite.username.as_ref(), &invite.host)),
    }
}

/// The `xmpp:` URI of an account, to which an action can be appended (RFC 5122 section 2.5, XEP-0147).
pub fn account_uri(username: &Username, host: &Host) -> String {
    format!("xmpp:{}", address(Some(username), host))
}

fn address(username: Option<&Username>, host: &Host) -> String {
    let host = utf8_percent_encode(host.as_str(), KEEP);
    match username {
        Some(name) => format!("{}@{host}", utf8_percent_encode(name.as_str(), KEEP)),
        None => host.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, NewInvite, Source, Timestamp, random::tests::Counter};

    fn uri(draft: Draft) -> String {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let token = Token::draw(now, &Counter::default()).unwrap();
        let lookup = token.lookup_key();
        let new = NewInvite { id: lookup.id, hash: lookup.hash, sealed_token: Vec::new(), draft };
        let invite = new.into_invite(Host::parse("example.com").unwrap(), Source::cli(), now, now);
        xmpp_uri(&invite, &token).replace(token.expose(), "T")
    }

    #[test]
    fn each_kind_has_its_form() {
        let name = |text| Some(Username::parse(text).unwrap());
        let draft = |kind, username, inviter| Draft { kind, username, inviter, ..Draft::default() };
        let table = [
            (draft(Kind::Account, None, name("ann")), "xmpp:example.com?register;preauth=T"),
            (draft(Kind::Account, name("bob"), None), "xmpp:bob@example.com?register;preauth=T"),
            (
                draft(Kind::AccountAndContact, None, name("ann")),
                "xmpp:ann@example.com?roster;preauth=T;ibr=y",
            ),
            (draft(Kind::Contact, None, name("ann")), "xmpp:ann@example.com?roster;preauth=T"),
            (draft(Kind::PasswordReset, name("bob"), None), "xmpp:bob@example.com?register;preauth=T"),
            (draft(Kind::Account, name("ü?;"), None), "xmpp:%C3%BC%3F%3B@example.com?register;preauth=T"),
        ];
        for (draft, expected) in table {
            assert_eq!(uri(draft), expected);
        }
    }
}
