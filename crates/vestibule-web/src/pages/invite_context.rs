//! The invite that a page is about.

use std::time::Duration;

use axum::{extract::FromRequestParts, response::Response};
use http::request::Parts;
use minijinja::Value;
use vestibule_core::{
    Capabilities, Invite, InviterName, Kind, LanguageTag, Message, Refusal, Token, TokenRefusal, Username,
    rules, xmpp_uri,
};

use super::{
    error_pages::{self, InviteNotFound},
    invite_gone,
    page_cache::{Audience, CacheKey, PageRequest, Placeholder},
    preview,
    state::PagesState,
    token_in_path::TokenInPath,
};
use crate::{challenge, html::Visitor, http::Negotiation, site::Site};

/// A page emphasises an expiry within this time.
const SOON: Duration = Duration::from_hours(24);

/// Pages show the number of remaining uses up to this one.
const MAX_SHOWN_USES: u32 = 100;

/// An invite and its visitor.
///
/// As an extractor, it rejects an invite that cannot be redeemed with an error page. It never uses an invite.
pub(super) struct InviteContext {
    pub(super) state: PagesState,
    pub(super) invite: Invite,
    pub(super) token: Token,
    /// The `xmpp:` URI for apps.
    pub(super) uri: String,
    pub(super) visitor: Visitor,
    /// Set by the extractor alone: other pages are not kept.
    negotiation: Negotiation,
}

impl FromRequestParts<PagesState> for InviteContext {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &PagesState) -> Result<Self, Response> {
        let TokenInPath(token) = TokenInPath::from_request_parts(parts, state).await?;
        let visitor = Visitor::of(&state.renderer.languages, &parts.uri, &parts.headers);
        match Self::find(state.clone(), token, visitor).await {
            Ok((context, None)) => Ok(Self { negotiation: Negotiation::of(&parts.headers), ..context }),
            Ok((context, Some(reason))) => Err(context.gone(reason)),
            Err(not_found) => {
                let mut response = not_found.page();
                challenge::answer(&state.invite_service, &parts.headers, &mut response);
                Err(response)
            }
        }
    }
}

impl InviteContext {
    /// Finds an invite, and the reason if it cannot be redeemed.
    pub(super) async fn find(
        state: PagesState,
        token: Token,
        visitor: Visitor,
    ) -> Result<(Self, Option<TokenRefusal>), InviteNotFound> {
        let invite = match state.invite_service.find(token.expose()).await {
            Ok(Some((invite, _))) => invite,
            Ok(None) => return Err(InviteNotFound { state, visitor, error: None }),
            Err(error) => return Err(InviteNotFound { state, visitor, error: Some(error) }),
        };
        let facts = rules::CheckFacts {
            invite: &invite,
            username: None,
            admitted_at: None,
            reserved_for: None,
            forbidden: None,
            now: state.invite_service.now(),
        };
        let reason = match rules::check(&facts) {
            Ok(()) => None,
            Err(Refusal::Token(reason)) => Some(reason),
            Err(_) => Some(TokenRefusal::Unknown),
        };
        let host_default = state.site(&invite.host).default_language;
        let visitor = visitor.with_fallbacks(
            &state.renderer.languages,
            invite.language.as_ref().map(LanguageTag::as_str),
            host_default,
        );
        let uri = xmpp_uri(&invite, &token);
        Ok((Self { state, invite, token, uri, visitor, negotiation: Negotiation::default() }, reason))
    }

    /// The page for an invite that cannot be redeemed, with the reason.
    pub(super) fn gone(&self, reason: TokenRefusal) -> Response {
        invite_gone::show(self, reason)
    }

    /// The page for an address without a page.
    pub(super) fn not_found(&self) -> Response {
        error_pages::not_found(&self.state, &self.visitor)
    }

    /// The settings of the host.
    pub(super) fn site(&self) -> &Site {
        self.state.site(&self.invite.host)
    }

    /// The display name of the host.
    pub(super) fn site_name(&self) -> &str {
        self.state.site_name(&self.invite.host)
    }

    /// The path of the invite's page, as a browser sees it.
    pub(super) fn path(&self) -> String {
        format!("{}/invite/{}", self.state.links.path(), self.token.expose())
    }

    /// What can be done for this invite in the browser.
    pub(super) fn capabilities(&self) -> Capabilities {
        let registrar = self.state.registrar.as_ref();
        registrar.map_or(Capabilities::NONE, |registrar| registrar.capabilities(&self.invite.host))
    }

    /// Whether an account can be created with the invite in the browser.
    pub(super) fn can_register(&self) -> bool {
        self.invite.kind.makes_account() && self.capabilities().create
    }

    /// Whether the password can be reset in the browser.
    pub(super) fn can_reset(&self) -> bool {
        self.is_reset() && self.capabilities().set_password
    }

    /// Whether apps can redeem the invite. A contact needs no help from the XMPP server.
    pub(super) fn opens_in_apps(&self) -> bool {
        self.invite.kind == Kind::Contact || !self.site().is_browser_only
    }

    /// Whether the XMPP server of the host adds contacts and groups to new accounts. Without a registrar, only apps
    /// redeem invites, on a server that does.
    fn adds(&self, capability: impl Fn(Capabilities) -> bool) -> bool {
        !self.site().is_browser_only || capability(self.capabilities())
    }

    /// Whether the inviter of a new account becomes its contact.
    pub(super) fn adds_contacts(&self) -> bool {
        self.adds(|can| can.befriend)
    }

    /// Whether a new account joins the groups of its invite.
    pub(super) fn adds_groups(&self) -> bool {
        self.adds(|can| can.add_to_group)
    }

    /// Whether the invite has a sheet to print.
    pub(super) fn has_sheet(&self) -> bool {
        self.invite.kind.makes_account()
    }

    /// Whether the invite is a password reset.
    pub(super) fn is_reset(&self) -> bool {
        self.invite.kind == Kind::PasswordReset
    }

    /// How many people can still join.
    pub(super) fn audience(&self) -> Audience {
        match self.invite.max_uses {
            Some(..=1) => Audience::One,
            Some(max) => match max.saturating_sub(self.invite.uses) {
                remaining @ ..=MAX_SHOWN_USES => Audience::Some(remaining),
                _ => Audience::Many,
            },
            None => Audience::Many,
        }
    }

    /// Whether the invite expires within a day.
    pub(super) fn expires_soon(&self) -> bool {
        self.invite.expires_at <= self.state.invite_service.now().plus(SOON)
    }

    /// The name of the inviter: the display name, else the username.
    pub(super) fn inviter_name(&self) -> Option<&str> {
        let Invite { inviter, inviter_name, .. } = &self.invite;
        let display_name = inviter_name.as_ref().map(InviterName::as_str);
        display_name.or_else(|| inviter.as_ref().map(Username::as_str))
    }

    /// Renders a page about the invite that a browser may keep. `values` returns the values of the template, with
    /// placeholders for those of the invite.
    pub(super) fn render(
        &self,
        template: &'static str,
        client_app: Option<&str>,
        values: impl FnOnce() -> Value,
    ) -> Response {
        let request = PageRequest {
            renderer: &self.state.renderer,
            visitor: &self.visitor,
            site: self.site(),
            negotiation: &self.negotiation,
        };
        let key = self.cache_key(template, client_app);
        self.state.page_cache.render(&request, template, key, values, |placeholder| self.value(placeholder))
    }

    /// Answers with content of the invite that a browser may keep.
    pub(super) fn negotiation(&self) -> &Negotiation {
        &self.negotiation
    }

    /// The cache key of a page about the invite.
    fn cache_key(&self, template: &'static str, client_app: Option<&str>) -> CacheKey {
        CacheKey {
            template,
            host: self.invite.host.clone(),
            kind: self.invite.kind,
            visitor: self.visitor.key(),
            has_inviter: self.inviter_name().is_some(),
            has_inviter_address: self.invite.inviter.is_some(),
            has_username: self.invite.username.is_some(),
            has_message: self.invite.message.is_some(),
            groups: self.invite.groups.len(),
            audience: self.audience(),
            expires_soon: self.expires_soon(),
            client_app: client_app.map(str::to_owned),
        }
    }

    /// The text that replaces a placeholder.
    pub(super) fn value(&self, placeholder: Placeholder) -> String {
        let invite = &self.invite;
        let name = |name: &Option<Username>| name.as_ref().map(ToString::to_string).unwrap_or_default();
        match placeholder {
            Placeholder::Token => self.token.expose().to_owned(),
            Placeholder::Link => self.state.links.own(&invite.host, &self.token),
            Placeholder::Uri => self.uri.clone(),
            Placeholder::UriEncoded => encode(&self.uri),
            Placeholder::UriTwiceEncoded => encode(&encode(&self.uri)),
            Placeholder::UriPath => self.uri.trim_start_matches("xmpp:").to_owned(),
            Placeholder::Inviter => self.inviter_name().unwrap_or_default().to_owned(),
            Placeholder::InviterUsername => name(&invite.inviter),
            Placeholder::Initial => self.inviter_name().unwrap_or_default().chars().take(1).collect(),
            Placeholder::Message => {
                invite.message.as_ref().map(Message::as_str).unwrap_or_default().to_owned()
            }
            Placeholder::Groups => self.visitor.language.list(&invite.groups),
            Placeholder::Username => name(&invite.username),
            Placeholder::Preview => {
                let inviter = self.inviter_name().unwrap_or_default();
                preview::url(&self.state, invite, inviter, &self.visitor.language)
            }
            Placeholder::ExpiresAt => invite.expires_at.to_string(),
            Placeholder::ExpiresOn => {
                self.visitor.language.date(invite.expires_at, self.state.invite_service.now())
            }
        }
    }
}

/// Encodes a text for a query, or for a parameter of an `intent:` URI.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(2 * text.len());
    encoded.extend(form_urlencoded::byte_serialize(text.as_bytes()));
    encoded
}
