//! An invite and its reader: what every page about an invite begins with.

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, RawPathParams},
    response::Response,
};
use http::{HeaderValue, Method, header, request::Parts};
use vestibule_core::{Invite, Kind, Refusal, Token, TokenRefusal, rules, xmpp_uri};

use super::{
    canonical,
    error_pages::{InviteGone, no_token, unavailable},
    page_cache::{CacheKey, Placeholder},
    visitor::Visitor,
};
use crate::{AppState, Site};

/// More places than this are not counted on the page.
const MOST_PLACES: u32 = 100;

/// A good invite and who reads about it.
pub(super) struct InviteContext<'a> {
    pub(super) state: &'a AppState,
    pub(super) site: &'a Site,
    pub(super) invite: Invite,
    pub(super) token: Token,
    /// The `xmpp:` URI that apps open it by.
    pub(super) uri: String,
    pub(super) visitor: Visitor,
}

impl<'a> InviteContext<'a> {
    /// Finds the invite. Where it is not good, the answer is a page that says why and what to do. Looking never uses
    /// it up.
    pub(super) async fn find(state: &'a AppState, token: Token, visitor: Visitor) -> Result<Self, Response> {
        match Self::look(state, token, visitor).await? {
            (ctx, None) => Ok(ctx),
            (ctx, Some(why)) => Err(ctx.gone_page(why)),
        }
    }

    /// The same, where one that is not good is found too, with the reason.
    pub(super) async fn look(
        state: &'a AppState,
        token: Token,
        visitor: Visitor,
    ) -> Result<(Self, Option<TokenRefusal>), Response> {
        let invite = match state.invite_service.find(token.expose()).await {
            Ok(Some((invite, _))) => invite,
            Ok(None) => return Err(InviteGone::unknown().page(state, &visitor, state.any_site())),
            Err(error) => return Err(unavailable(state, &visitor, &error)),
        };
        // Judged as it was then: it may be used up at any moment.
        let facts = rules::CheckFacts {
            invite: &invite,
            username: None,
            admitted_at: None,
            reserved_for: None,
            forbidden: None,
            now: state.invite_service.now(),
        };
        let why = match rules::check(&facts) {
            Ok(()) => None,
            Err(Refusal::Token(why)) => Some(why),
            Err(_) => Some(TokenRefusal::Unknown),
        };
        let (site, uri) = (state.site(&invite.host), xmpp_uri(&invite, &token));
        Ok((Self { state, site, invite, token, uri, visitor }, why))
    }

    /// The page that says why the invite is not good.
    pub(super) fn gone_page(&self, why: TokenRefusal) -> Response {
        let page = InviteGone { why, resets: self.is_reset() };
        page.page(self.state, &self.visitor, self.site)
    }

    /// What people call the host.
    pub(super) fn site_name(&self) -> &str {
        self.state.site_name(&self.invite.host)
    }

    /// Whether accounts are made here, in the browser, with such an invite.
    pub(super) fn may_register(&self) -> bool {
        self.state.registrar.is_some() && self.invite.kind.makes_account()
    }

    /// The shape of a page about it.
    pub(super) fn shape(&self, template: &'static str, client_app: Option<&str>) -> CacheKey {
        CacheKey {
            template,
            host: self.invite.host.clone(),
            kind: self.invite.kind,
            visitor: self.visitor.shape(),
            has_inviter: self.invite.inviter.is_some(),
            has_username: self.invite.username.is_some(),
            remaining_uses: self.remaining_uses(),
            client_app: client_app.map(str::to_owned),
        }
    }

    /// How many more people the link lets in, where that is worth saying.
    pub(super) fn remaining_uses(&self) -> Option<u32> {
        let most = self.invite.max_uses.filter(|most| *most > 1)?;
        Some(most.saturating_sub(self.invite.uses)).filter(|remaining_uses| *remaining_uses <= MOST_PLACES)
    }

    /// What of it stands in a page.
    pub(super) fn value(&self, slot: Placeholder) -> String {
        let invite = &self.invite;
        let name = |name: &Option<vestibule_core::Username>| {
            name.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        match slot {
            Placeholder::Token => self.token.expose().to_owned(),
            Placeholder::Link => self.state.links.own(&self.token),
            Placeholder::Uri => self.uri.clone(),
            Placeholder::UriEncoded => form_urlencoded::byte_serialize(self.uri.as_bytes()).collect(),
            Placeholder::Inviter => name(&invite.inviter),
            Placeholder::Initial => name(&invite.inviter).chars().take(1).collect(),
            Placeholder::Username => name(&invite.username),
            Placeholder::ExpiresAt => invite.expires_at.to_string(),
            Placeholder::ExpiresOn => self.visitor.language.date(invite.expires_at),
        }
    }

    /// Whether it sets a new password.
    pub(super) fn is_reset(&self) -> bool {
        self.invite.kind == Kind::PasswordReset
    }
}

/// The token in the path of an address.
///
/// Where there is none, the request is redirected to the canonical address of the page that it means, or the answer
/// is a page that says what to do. Only a text of a token's form can be a guess.
pub(super) struct TokenInPath(pub(super) Token);

impl FromRequestParts<AppState> for TokenInPath {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        // A text that is no UTF-8 is no token.
        let params = parts.extract::<RawPathParams>().await.ok();
        let text = params.as_ref().and_then(|params| params.iter().find(|(name, _)| *name == "token"));
        if let Some(token) = text.and_then(|(_, text)| Token::parse(text).ok()) {
            return Ok(Self(token));
        }
        let visitor = Visitor::of(state, &parts.uri, &parts.headers);
        let redirect = canonical::redirect(state, &parts.method, &parts.uri);
        let mut answer = redirect.unwrap_or_else(|| no_token(state, &visitor));
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            // The form is not read, so nothing can follow it on this connection.
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Err(answer)
    }
}
