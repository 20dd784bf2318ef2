//! An invite and its reader: what every page about an invite begins with.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use vestibule_core::{Invite, Kind, Refusal, State, Token, TokenRefusal, rules, xmpp_uri};

use super::{
    missing::{dead_invite, unavailable},
    reader::Reader,
    skeleton::{Filling, Shape, Slot},
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
        match token {
            Ok(Path(token)) => Self::by_token(app, &token, reader).await,
            Err(_) => Err(dead_invite(app, &reader, app.any_site(), TokenRefusal::Unknown)),
        }
    }

    /// The same, where the token is at hand.
    pub(super) async fn by_token(app: &'a App, token: &str, reader: Reader) -> Result<Self, Response> {
        let (invite, token) = match app.desk.find(token).await {
            Ok(Some(found)) => found,
            Ok(None) => return Err(dead_invite(app, &reader, app.any_site(), TokenRefusal::Unknown)),
            Err(error) => return Err(unavailable(app, &reader, &error)),
        };
        let site = app.site(&invite.host);
        match rules::check(&invite, None, None, app.desk.now()) {
            Ok(()) => Ok(Self { app, site, invite, token, reader }),
            Err(Refusal::Token(why)) => Err(dead_invite(app, &reader, site, why)),
            Err(_) => Err(dead_invite(app, &reader, site, TokenRefusal::Unknown)),
        }
    }

    /// The same, where one that is used up is found too: its holder may have sent the same form before.
    pub(super) async fn find_also_used(
        app: &'a App,
        token: Result<Path<String>, PathRejection>,
        reader: Reader,
    ) -> Result<Self, Response> {
        let text = match &token {
            Ok(Path(text)) => text.clone(),
            Err(_) => String::new(),
        };
        match app.desk.find(&text).await {
            Ok(Some((invite, token))) if rules::state(&invite, app.desk.now()) == State::Used => {
                Ok(Self { app, site: app.site(&invite.host), invite, token, reader })
            }
            _ => Self::find(app, token, reader).await,
        }
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
    pub(super) fn filling(&self) -> Filling {
        let uri = xmpp_uri(&self.invite, &self.token);
        let name = |name: &Option<vestibule_core::Username>| {
            name.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        let mut filling = Filling::default();
        filling.set(Slot::Token, self.token.expose());
        filling.set(Slot::Link, self.app.links.own(&self.token));
        filling.set(Slot::UriEncoded, form_urlencoded::byte_serialize(uri.as_bytes()).collect::<String>());
        filling.set(Slot::Uri, uri);
        let inviter = name(&self.invite.inviter);
        filling.set(Slot::Initial, inviter.chars().take(1).collect::<String>());
        filling.set(Slot::Inviter, inviter);
        filling.set(Slot::Username, name(&self.invite.username));
        filling.set(Slot::ExpiresAt, self.invite.expires_at.to_string());
        filling.set(Slot::ExpiresOn, self.reader.language.date(self.invite.expires_at));
        filling
    }

    /// Whether it sets a new password.
    pub(super) fn is_reset(&self) -> bool {
        self.invite.kind == Kind::PasswordReset
    }
}
