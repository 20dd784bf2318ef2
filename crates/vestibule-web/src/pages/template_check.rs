//! Checks templates by rendering sample pages.

use http::{HeaderMap, Uri};
use minijinja::{Value, context};
use vestibule_core::Kind;

use super::app_cards;
use crate::{
    html::{PageRenderer, TemplateError, Templates, Visitor, template_error},
    site::{Site, Sites},
};

impl Templates {
    /// Renders every page with values for every branch of the built-in templates, to find errors in custom templates.
    pub fn check(&self) -> Result<(), TemplateError> {
        let site = Site::default();
        let pages = PageRenderer::new("", self.clone(), &Sites::new(), &site);
        let visitor = Visitor::of(&pages.languages, &Uri::from_static("/"), &HeaderMap::new());
        for (name, page) in samples(&site, &visitor) {
            pages.text(name, &visitor, &site, page).map_err(|error| template_error(name, &error))?;
        }
        Ok(())
    }
}

/// Values for each page. They define what custom templates can use, and are listed in the guide.
fn samples(site: &Site, visitor: &Visitor) -> Vec<(&'static str, Value)> {
    let mut samples = Vec::new();
    for kind in Kind::ALL {
        for full in [true, false] {
            samples.push(("landing.html", landing(kind, full, site, visitor)));
        }
    }
    for client_app in &site.client_apps {
        for registers in [true, false] {
            samples.push((
                "setup.html",
                context! {
                    program => app_cards::card(client_app),
                    sources => app_cards::sources(client_app, None, "x"),
                    kind => "account", site => "Example", inviter => "x", uri => "xmpp:x", token => "x", registers,
                },
            ));
        }
    }
    let error = context! { username => "wrong", password => "wrong", heading => "error-heading", text => "x", any => true };
    let none = context! { username => (), password => (), heading => (), text => (), any => false };
    for faults in [error, none] {
        samples.push((
            "register.html",
            context! {
                site => "Example", host => "example.com", token => "x", grant => "x", typed => "x", bound => true,
                program => "x", shortest => 8, faults => faults.clone(),
            },
        ));
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
                    site => "Example", username => "x", address => "x@example.com", reset,
                    webchat_url => "https://example.com",
                    program => client_app.map(app_cards::card),
                    sources => client_app.map(|client_app| app_cards::sources(client_app, None, "")),
                    programs => app_cards::with_sources(site, None),
                },
            ));
        }
    }
    let error_page = context! { heading => "missing-heading", what => "missing-what", advice => "missing-advice", site => "x" };
    samples.push(("missing.html", error_page));
    samples
}

fn landing(kind: Kind, full: bool, site: &Site, visitor: &Visitor) -> Value {
    let name = full.then_some("x");
    context! {
        kind => kind.as_str(), joins => kind.makes_account(), contact => kind == Kind::AccountAndContact,
        site => "Example", host => "example.com", inviter => if kind.makes_contact() { Some("x") } else { name },
        initial => "x", inviter_address => "x@example.com", username => name, address => "x@example.com",
        places => full.then_some(2), uri => "xmpp:x", token => "x", link => "https://example.com/invite/x",
        expires_at => "2027-01-15T08:00:00Z", expires_on => "x", registers => full, resets => full, app_first => full,
        device => full.then_some("Android"), devices => app_cards::devices(visitor), programs => app_cards::list(site, None),
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
