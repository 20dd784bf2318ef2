//! The texts of a card.

use vestibule_core::{Invite, Kind};

/// The texts of a card.
#[derive(Clone, Debug)]
pub(super) struct Card {
    /// The site name, else the host.
    pub(super) heading: String,
    /// The host, if it is not the heading.
    pub(super) host: Option<String>,
    kind: Kind,
    inviter: Option<String>,
    /// The username that the invite is bound to.
    pub(super) username: Option<String>,
    /// The expiry.
    pub(super) until: String,
    /// The link, also in the QR code.
    pub(super) link: String,
}

impl Card {
    /// The card of an invite; `site` is the site name of its host.
    pub(super) fn new(invite: &Invite, link: &str, site: Option<&str>) -> Self {
        let host = invite.host.as_str();
        let until = invite.expires_at.to_string();
        let inviter = invite.inviter_name.as_ref().map(ToString::to_string);
        Self {
            heading: site.unwrap_or(host).to_owned(),
            host: site.filter(|site| *site != host).map(|_| host.to_owned()),
            kind: invite.kind,
            inviter: inviter.or_else(|| invite.inviter.as_ref().map(ToString::to_string)),
            username: invite.username.as_ref().map(ToString::to_string),
            // Truncated to the minute, so that the printed time is never too late.
            until: match until.get(..16) {
                Some(minute) => minute.replace('T', " ") + " UTC",
                None => until,
            },
            link: link.to_owned(),
        }
    }

    /// A sentence that says what the invite is for.
    pub(super) fn offer(&self) -> String {
        // The sentence runs from left to right, whatever the letters of the name (UAX 9 section 2.4).
        let inviter = self.inviter.as_ref().map(|name| format!("\u{2068}{name}\u{2069}"));
        match (self.kind, inviter) {
            (Kind::PasswordReset, _) => "For choosing a new password".to_owned(),
            (Kind::Contact, Some(inviter)) => format!("{inviter} invites you to chat"),
            (Kind::Contact, None) => "You are invited to chat".to_owned(),
            (_, Some(inviter)) => format!("{inviter} invites you to join"),
            (_, None) => "You are invited to join".to_owned(),
        }
    }

    /// Replaces what cannot be written: a host becomes its ASCII form and replaces a site name; usernames are left
    /// out.
    pub(super) fn writable(self, mut can_write: impl FnMut(&str) -> bool) -> Self {
        let inviter = self.inviter.filter(|name| can_write(name));
        let username = self.username.filter(|name| can_write(name));
        let ascii = |host: String, can_write: &mut dyn FnMut(&str) -> bool| {
            if can_write(&host) { host } else { idna::domain_to_ascii(&host).unwrap_or(host) }
        };
        let (heading, host) = match self.host {
            Some(host) if can_write(&self.heading) => (self.heading, Some(ascii(host, &mut can_write))),
            Some(host) => (ascii(host, &mut can_write), None),
            None => (ascii(self.heading, &mut can_write), None),
        };
        Self { heading, host, inviter, username, ..self }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use vestibule_core::{Host, InviterName, Source, Timestamp, TokenHash, Username};

    pub(crate) const LINK: &str = "https://example.com/invite/Vbkf8JHN18MhGd020L7jvxKvBDiT";

    pub(crate) fn invite(host: &str, kind: Kind, username: Option<&str>, inviter: Option<&str>) -> Invite {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let name = |text: Option<&str>| text.map(|text| Username::parse(text).unwrap());
        Invite {
            id: vestibule_core::InviteId::of(now, &TokenHash::from_bytes([0; 32])),
            host: Host::parse(host).unwrap(),
            kind,
            username: name(username),
            inviter: name(inviter),
            groups: Vec::new(),
            roles: Vec::new(),
            max_uses: Some(1),
            uses: 0,
            created_at: now,
            expires_at: Timestamp::from_millis(1_800_000_059_000),
            revoked_at: None,
            used_at: None,
            renewal_requested_at: None,
            source: Source::cli(),
            note: None,
            data: None,
            message: None,
            inviter_name: None,
            language: None,
            sealed_token: Vec::new(),
        }
    }

    #[test]
    fn a_card_names_site_host_and_the_minute() {
        let invite = invite("example.com", Kind::Account, Some("juliet"), None);
        let card = Card::new(&invite, LINK, Some("Example Chat"));
        assert_eq!((card.heading.as_str(), card.host.as_deref()), ("Example Chat", Some("example.com")));
        assert_eq!(card.until, "2027-01-15 08:00 UTC");
        assert_eq!(card.username.as_deref(), Some("juliet"));
        let card = Card::new(&invite, LINK, None);
        assert_eq!((card.heading.as_str(), card.host), ("example.com", None));
    }

    #[test]
    fn every_kind_says_what_it_offers() {
        let offer = |kind, inviter| Card::new(&invite("a.example", kind, None, inviter), LINK, None).offer();
        assert_eq!(offer(Kind::Account, None), "You are invited to join");
        assert_eq!(
            offer(Kind::AccountAndContact, Some("romeo")),
            "\u{2068}romeo\u{2069} invites you to join"
        );
        assert_eq!(offer(Kind::Contact, Some("romeo")), "\u{2068}romeo\u{2069} invites you to chat");
        assert_eq!(offer(Kind::PasswordReset, None), "For choosing a new password");
        let mut named = invite("a.example", Kind::AccountAndContact, None, Some("romeo"));
        named.inviter_name = InviterName::parse("Romeo Montague").unwrap();
        assert_eq!(
            Card::new(&named, LINK, None).offer(),
            "\u{2068}Romeo Montague\u{2069} invites you to join"
        );
    }

    #[test]
    fn without_a_font_hosts_are_ascii_and_names_are_left_out() {
        let invite = invite("школа.example", Kind::AccountAndContact, Some("юля"), Some("ромео"));
        let card = Card::new(&invite, LINK, Some("Школа")).writable(str::is_ascii);
        assert_eq!((card.heading.as_str(), card.host.as_deref()), ("xn--80atdl2c.example", None));
        assert_eq!((card.username.as_deref(), card.offer().as_str()), (None, "You are invited to join"));
        let card = Card::new(&invite, LINK, Some("School")).writable(str::is_ascii);
        assert_eq!((card.heading.as_str(), card.host.as_deref()), ("School", Some("xn--80atdl2c.example")));
    }
}
