//! Checks templates by rendering sample pages.

use http::{HeaderMap, Uri};
use minijinja::{Value, context};
use vestibule_core::Kind;

use super::{
    app_cards,
    open_link::{Opens, open_link},
    page_cache::{CachedPage, Placeholder},
};
use crate::{
    client_apps::{ClientApp, Device},
    html::{PageRenderer, TemplateError, Templates, Visitor, template_error},
    site::{Site, Sites},
};

impl Templates {
    /// Renders every page with values for every branch of the built-in templates, to find errors in custom templates.
    pub fn check(&self) -> Result<(), TemplateError> {
        let site = Site::default();
        let pages = PageRenderer::new("", self.clone(), &Sites::new(), &site);
        let visitor = Visitor::of(&pages.languages, &Uri::from_static("/"), &HeaderMap::new());
        let render = |name: &'static str, page: Value| {
            pages.text(name, &visitor, &site, page).map_err(|error| template_error(name, &error))
        };
        for (name, page) in samples(&site, &visitor) {
            render(name, page)?;
        }
        // What the cache makes of a page must be what the values themselves would make of it.
        let direct = cached_samples(&site, &visitor, &sample);
        for (at, (name, page)) in direct.into_iter().enumerate() {
            let expected = render(name, page)?;
            for placeholder in Placeholder::ALL {
                let value =
                    |other: Placeholder| if other == placeholder { other.mark() } else { sample(other) };
                let (_, page) = cached_samples(&site, &visitor, &value).swap_remove(at);
                if CachedPage::of(&render(name, page)?).fill(sample) != expected {
                    return Err(TemplateError::Computes { name: name.to_owned(), value: placeholder.name() });
                }
            }
        }
        Ok(())
    }
}

/// A sample value of an invite. Every filter that computes with it, such as a change of case or length, changes it.
fn sample(placeholder: Placeholder) -> String {
    match placeholder {
        Placeholder::Token => "tOkEn0123456789tOkEn01234567",
        Placeholder::Link => "https://Example.com/invite/tOkEn0123456789tOkEn01234567",
        Placeholder::Uri => "xmpp:Example.com?register;preauth=tOkEn0123456789tOkEn01234567",
        Placeholder::UriEncoded => "xmpp%3AExample.com%3Fregister%3Bpreauth%3DtOkEn0123456789",
        Placeholder::UriTwiceEncoded => "xmpp%253AExample.com%253Fregister%253Bpreauth%253DtOkEn0123456789",
        Placeholder::UriPath => "Example.com?register;preauth=tOkEn0123456789tOkEn01234567",
        Placeholder::Inviter => "ROmeo & co",
        Placeholder::InviterUsername => "rOmeo & co",
        Placeholder::Message => "come & chAt",
        Placeholder::Groups => "Family & fRiends",
        Placeholder::Initial => "r",
        Placeholder::Username => "jUliet & co",
        Placeholder::Preview => "https://Example.com/preview/aBc.png",
        Placeholder::ExpiresAt => "2027-01-15T08:00:00Z",
        Placeholder::ExpiresOn => "15 January 2027",
    }
    .to_owned()
}

/// Values for each cached page, with these values of the invite. They define what custom templates can use, and are
/// listed in the guide.
fn cached_samples(
    site: &Site,
    visitor: &Visitor,
    value: &dyn Fn(Placeholder) -> String,
) -> Vec<(&'static str, Value)> {
    let mut samples = Vec::new();
    for kind in Kind::ALL {
        for full in [true, false] {
            samples.push(("landing.html", landing(kind, full, site, visitor, value)));
        }
    }
    samples.extend([true, false].map(|full| ("sheet.html", sheet(full, site, visitor, value))));
    for client_app in &site.client_apps {
        for registers in [true, false] {
            samples.push((
                "setup.html",
                context! {
                    program => app_cards::card(client_app),
                    sources => app_cards::sources(client_app, visitor, &value(Placeholder::UriEncoded)),
                    login => app_cards::login(client_app, visitor),
                    kind => if registers { "account" } else { "contact" }, site => "Example",
                    inviter => value(Placeholder::Inviter),
                    inviter_address => format!("{}@example.com", value(Placeholder::InviterUsername)),
                    open => open_link(Some(Device::Android), Opens::App(client_app), value),
                    uri => value(Placeholder::Uri), token => value(Placeholder::Token),
                    link => value(Placeholder::Link), is_elsewhere => registers, registers,
                    for_one => registers,
                },
            ));
        }
    }
    samples
}

fn sheet(full: bool, site: &Site, visitor: &Visitor, value: &dyn Fn(Placeholder) -> String) -> Value {
    let client_app = site.client_apps.iter().find(|client_app| client_app.takes_invites == full);
    context! {
        site => "Example", host => "example.com", inviter => full.then(|| value(Placeholder::Inviter)),
        inviter_address => full.then(|| format!("{}@example.com", value(Placeholder::InviterUsername))),
        username => full.then(|| value(Placeholder::Username)),
        address => format!("{}@example.com", value(Placeholder::Username)),
        program => client_app.map(app_cards::card),
        login => client_app.and_then(|client_app| app_cards::login(client_app, visitor)),
        registers => full, for_one => full, places => (!full).then_some(2), token => value(Placeholder::Token),
        link => value(Placeholder::Link), expires_at => value(Placeholder::ExpiresAt),
        expires_on => value(Placeholder::ExpiresOn), devices => app_cards::devices(visitor),
    }
}

/// A page of each other kind.
fn samples(site: &Site, visitor: &Visitor) -> Vec<(&'static str, Value)> {
    let mut samples = Vec::new();
    let error = context! {
        username => "wrong", password => "wrong", alert => "x", heading => "error-heading", text => "x", any => true,
        proposals => ["x"],
    };
    let none = context! {
        username => (), password => (), alert => (), heading => (), text => (), any => false,
        proposals => [""; 0],
    };
    for faults in [error, none] {
        for bound in [true, false] {
            samples.push((
                "register.html",
                context! {
                    site => "Example", host => "example.com", token => "x", grant => "x", typed => "x", bound,
                    address => bound.then_some("x@example.com"), program => bound.then_some("x"), shortest => 8,
                    faults => faults.clone(),
                },
            ));
        }
        samples.push((
            "reset.html",
            context! { site => "Example", token => "x", grant => "x", address => "x@example.com", shortest => 8, faults },
        ));
    }
    for reset in [true, false] {
        for client_app in [site.client_apps.first(), None] {
            samples.push((
                "welcome.html",
                context! {
                    site => "Example", host => "example.com", here => "/invite/x", form => "x", username => "x",
                    address => "x@example.com", account_uri => "xmpp:x@example.com", reset,
                    inviter => client_app.map(|_| "y"), message_uri => "xmpp:y@example.com?message",
                    groups => client_app.map(|_| "z"), group_count => 1,
                    webchat_url => "https://example.com",
                    login => client_app.and_then(|client_app| app_cards::login(client_app, visitor)),
                    program => client_app.map(app_cards::card),
                    sources => client_app.map(|client_app| app_cards::sources(client_app, visitor, "")),
                    programs => app_cards::with_sources(site, visitor),
                },
            ));
        }
    }
    for (kind, client_app) in
        [("account", site.client_apps.first()), ("password-reset", None), ("contact", None)]
    {
        for renewal in [Some("possible"), Some("requested"), None] {
            samples.extend(gone(kind, client_app, renewal, visitor));
        }
    }
    for fields in [&[][..], &[("x", "y")]] {
        let error_page = context! {
            heading => "missing-heading", what => "missing-what", advice => "missing-advice", site => "x",
            front => true, fields => fields.iter().map(|(name, value)| vec![Value::from(*name), Value::from(*value)]).collect::<Vec<_>>(),
        };
        samples.push(("missing.html", error_page));
    }
    for wrong in [true, false] {
        samples.push((
            "front.html",
            context! {
                site => "Example", promises => ["promise-free"], webchat_url => "https://example.com", wrong, typed => "x",
            },
        ));
    }
    samples
}

/// The pages of an invite that cannot be redeemed.
fn gone(
    kind: &str,
    client_app: Option<&ClientApp>,
    renewal: Option<&str>,
    visitor: &Visitor,
) -> Vec<(&'static str, Value)> {
    let is_full = client_app.is_some();
    let page = context! {
        kind, joins => kind == "account", site => "Example", here => "/invite/x",
        inviter => is_full.then_some("y"), address => is_full.then_some("x@example.com"), renewal,
        operator_open => is_full, program => client_app.map(app_cards::card),
        login => client_app.and_then(|client_app| app_cards::login(client_app, visitor)),
        sources => client_app.map(|client_app| app_cards::sources(client_app, visitor, "")),
        webchat_url => is_full.then_some("https://example.com"),
    };
    let words = context! { heading => "used-heading", what => "used-what", advice => "used-advice" };
    let with = |name, more: Value| (name, context! { ..more, ..page.clone() });
    vec![
        with("gone.html", context! { is_used => is_full, ..words }),
        with("joined.html", context! { has_joined => true }),
        with("joined.html", context! { has_joined => false }),
    ]
}

fn landing(
    kind: Kind,
    full: bool,
    site: &Site,
    visitor: &Visitor,
    value: &dyn Fn(Placeholder) -> String,
) -> Value {
    let inviter = (full || kind.makes_contact()).then(|| value(Placeholder::Inviter));
    let device = full.then_some(Device::Android);
    let recommended = site.recommended_app(device);
    let invite = context! {
        kind => kind.as_str(), joins => kind.makes_account(), contact => kind == Kind::AccountAndContact,
        site => "Example", host => "example.com", inviter, initial => value(Placeholder::Initial),
        inviter_address => format!("{}@example.com", value(Placeholder::InviterUsername)),
        message => full.then(|| value(Placeholder::Message)), groups => value(Placeholder::Groups),
        group_count => if full { 2 } else { 0 }, username => full.then(|| value(Placeholder::Username)),
        address => format!("{}@example.com", value(Placeholder::Username)), for_one => !full,
        places => full.then_some(2), expires_soon => full, uri => value(Placeholder::Uri),
        token => value(Placeholder::Token), link => value(Placeholder::Link),
        preview_url => full.then(|| value(Placeholder::Preview)), expires_at => value(Placeholder::ExpiresAt), expires_on => value(Placeholder::ExpiresOn),
    };
    context! {
        open => open_link(device, Opens::Any(recommended), value),
        app => recommended.and_then(|client_app| {
            app_cards::recommended(client_app, device, &value(Placeholder::UriEncoded))
        }),
        app_store_id => full.then_some("1"), promises => ["promise-free"],
        webchat_url => full.then_some("https://example.com"), in_app_browser => full,
        registers => full, resets => full, device => full.then_some("Android"),
        devices => app_cards::devices(visitor), programs => app_cards::list(site, None),
        ..invite
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_templates_are_valid() {
        assert_eq!(Templates::builtin().check(), Ok(()));
    }

    #[test]
    fn templates_that_compute_with_values_of_an_invite_are_rejected() {
        for (name, source, value) in [
            ("landing.html", "{{ initial|upper }}", "initial"),
            ("landing.html", "{{ token[:4] }}…", "token"),
            ("landing.html", "{% if username and username|length > 3 %}long{% endif %}", "username"),
            ("landing.html", "{{ expires_at|replace('T', ' ') }}", "expires_at"),
            ("landing.html", "{{ address|upper }}", "username"),
            ("setup.html", "{{ uri|replace(':', '%3A') }}", "uri"),
        ] {
            let mut templates = Templates::builtin();
            templates.replace(name, source.to_owned()).unwrap();
            let error = templates.check().unwrap_err().to_string();
            assert!(error.starts_with(&format!("{name}: {value} can be printed")), "{source}: {error}");
        }
        let mut templates = Templates::builtin();
        let source =
            "{% if inviter %}{{ inviter }}: {{ t('join-heading', site=site) }}{% endif %} {{ token }}";
        templates.replace("landing.html", source.to_owned()).unwrap();
        assert_eq!(templates.check(), Ok(()));
    }

    #[test]
    fn errors_name_file_and_line() {
        let table = [
            ("missing.html", "a\n{% if %}", "missing.html, line 2: "),
            ("missing.html", "{{ t(what) }}\n\n{{ nonsense }}", "missing.html, line 3: "),
            (
                "welcome.html",
                "{% extends 'page.html' %}\n{% block main %}\n{{ t() }}{% endblock %}",
                "welcome.html, line 3: ",
            ),
        ];
        for (name, source, expected) in table {
            let mut templates = Templates::builtin();
            let outcome = templates.replace(name, source.to_owned()).and_then(|()| templates.check());
            let error = outcome.unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = Templates::builtin().replace("landin.html", String::new()).unwrap_err().to_string();
        assert!(
            error.starts_with("landin.html: there is no such template; the known templates are page.html, "),
            "{error}"
        );
    }
}
