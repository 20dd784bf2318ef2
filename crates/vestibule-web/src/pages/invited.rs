//! An invite and its reader: what every page about an invite begins with.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use vestibule_core::{Invite, Kind, Refusal, Token, TokenRefusal, rules, xmpp_uri};

use super::{
    missing::{dead_invite, unavailable},
    reader::Reader,
    skeleton::{Shape, Slot},
};
use crate::{App, Site};

/// More places than this are not counted on the page.
const MOST_PLACES: u32 = 100;

/// A good invite and who reads about it.
pub(super) struct Invited<'a> {
    pub(super) app: &'a App,
    pub(super) site: &'a Site,
    pub(super) invite: Invite,
    pub(super) token: Token,
    /// The `xmpp:` URI that apps open it by.
    pub(super) uri: String,
    pub(super) reader: Reader,
}

impl<'a> Invited<'a> {
    /// Finds the invite. Where it is not good, the answer is a page that says why and what to do. Looking never uses
    /// it up.
    pub(super) async fn find(
        app: &'a App,
        token: Result<Path<String>, PathRejection>,
        reader: Reader,
    ) -> Result<Self, Response> {
        Self::by_token(app, &text(token), reader).await
    }

    /// The same, where the token is at hand.
    pub(super) async fn by_token(app: &'a App, token: &str, reader: Reader) -> Result<Self, Response> {
        Self::look(app, token, reader, None).await
    }

    /// The same, where one that is used up is found too: its holder may have sent the same form before.
    pub(super) async fn find_also_used(
        app: &'a App,
        token: Result<Path<String>, PathRejection>,
        reader: Reader,
    ) -> Result<Self, Response> {
        Self::look(app, &text(token), reader, Some(TokenRefusal::Used)).await
    }

    /// Looks once, and judges the invite as it was then: it may be used up at any moment. One that is bad for the
    /// reason `excused` is good enough.
    async fn look(
        app: &'a App,
        token: &str,
        reader: Reader,
        excused: Option<TokenRefusal>,
    ) -> Result<Self, Response> {
        let (invite, token) = match app.desk.find(token).await {
            Ok(Some(found)) => found,
            Ok(None) => return Err(dead_invite(app, &reader, app.any_site(), TokenRefusal::Unknown)),
            Err(error) => return Err(unavailable(app, &reader, &error)),
        };
        let site = app.site(&invite.host);
        let why = match rules::check(&rules::CheckFacts {
            invite: &invite,
            username: None,
            admitted_at: None,
            reserved_for: None,
            forbidden: None,
            now: app.desk.now(),
        }) {
            Ok(()) => None,
            Err(Refusal::Token(why)) => Some(why).filter(|why| Some(*why) != excused),
            Err(_) => Some(TokenRefusal::Unknown),
        };
        if let Some(why) = why {
            return Err(dead_invite(app, &reader, site, why));
        }
        let uri = xmpp_uri(&invite, &token);
        Ok(Self { app, site, invite, token, uri, reader })
    }

    /// What people call the host.
    pub(super) fn site_name(&self) -> &str {
        self.app.site_name(&self.invite.host)
    }

    /// Whether accounts are made here, in the browser, with such an invite.
    pub(super) fn may_register(&self) -> bool {
        self.app.registrar.is_some() && self.invite.kind.makes_account()
    }

    /// The shape of a page about it.
    pub(super) fn shape(&self, template: &'static str, program: Option<&str>) -> Shape {
        Shape {
            template,
            host: self.invite.host.clone(),
            kind: self.invite.kind,
            reader: self.reader.shape(),
            has_inviter: self.invite.inviter.is_some(),
            has_username: self.invite.username.is_some(),
            places: self.places(),
            program: program.map(str::to_owned),
        }
    }

    /// How many more people the link lets in, where that is worth saying.
    pub(super) fn places(&self) -> Option<u32> {
        let most = self.invite.max_uses.filter(|most| *most > 1)?;
        Some(most.saturating_sub(self.invite.uses)).filter(|places| *places <= MOST_PLACES)
    }

    /// What of it stands in a page.
    pub(super) fn value(&self, slot: Slot) -> String {
        let invite = &self.invite;
        let name = |name: &Option<vestibule_core::Username>| {
            name.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        match slot {
            Slot::Token => self.token.expose().to_owned(),
            Slot::Link => self.app.links.own(&self.token),
            Slot::Uri => self.uri.clone(),
            Slot::UriEncoded => form_urlencoded::byte_serialize(self.uri.as_bytes()).collect(),
            Slot::Inviter => name(&invite.inviter),
            Slot::Initial => name(&invite.inviter).chars().take(1).collect(),
            Slot::Username => name(&invite.username),
            Slot::ExpiresAt => invite.expires_at.to_string(),
            Slot::ExpiresOn => self.reader.language.date(invite.expires_at),
        }
    }

    /// Whether it sets a new password.
    pub(super) fn is_reset(&self) -> bool {
        self.invite.kind == Kind::PasswordReset
    }
}

/// The token in an address; nothing where it cannot be read, which is no token.
fn text(token: Result<Path<String>, PathRejection>) -> String {
    token.map_or_else(|_| String::new(), |Path(token)| token)
}
