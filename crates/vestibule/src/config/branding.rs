//! Branding of a host's pages.

use std::{fs, path::Path};

use vestibule_web::{CustomApp, Site, SiteSettings, TemplateError, Templates};

use super::{ConfigError, file};

/// Branding of a host's pages, as configured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Branding {
    /// Settings without a file.
    plain: SiteSettings,
    logo_file: Option<String>,
    css_file: Option<String>,
    /// One for each of the apps.
    icon_files: Vec<Option<String>>,
}

impl Branding {
    /// Takes the branding from the host's section of the configuration file.
    pub(super) fn of(host: file::Host) -> Self {
        let custom = |app: file::App| CustomApp {
            id: app.id,
            name: app.name,
            about: app.about,
            devices: app.devices,
            takes_invites: app.takes_invites,
            url: app.url,
            google_play: app.google_play,
            f_droid: app.f_droid,
            app_store: app.app_store,
            flathub: app.flathub,
            icon: None,
        };
        let non_empty = |path: Option<String>| path.filter(|path| !path.is_empty());
        let icon_files = host.apps.iter().map(|app| non_empty(app.icon_file.clone())).collect();
        let plain = SiteSettings {
            name: host.site_name,
            default_language: host.default_language,
            accent: host.accent,
            imprint_url: host.imprint_url,
            privacy_url: host.privacy_url,
            webchat_url: host.webchat_url,
            promises: host.promises,
            operator: host.operator,
            app_store_banner: host.app_store_banner,
            apps_show: host.apps_show,
            apps_hide: host.apps_hide,
            apps: host.apps.into_iter().map(custom).collect(),
            ..SiteSettings::default()
        };
        let (logo_file, css_file) = (non_empty(host.logo_file), non_empty(host.css_file));
        Self { plain, logo_file, css_file, icon_files }
    }

    /// The display name of the host.
    pub(crate) fn site_name(&self) -> Option<&str> {
        self.plain.name.as_deref().filter(|name| !name.is_empty())
    }

    /// Reads the files and validates all settings. `section` is named in errors.
    pub(crate) fn site(&self, section: &str) -> Result<Site, ConfigError> {
        let setting = |name: &str| format!("{section} {name}");
        let mut settings = self.plain.clone();
        let picture = |name: &str, path: &String| {
            let bytes = fs::read(path).map_err(|error| unreadable(setting(name), path, &error))?;
            Ok::<_, ConfigError>((path.clone(), bytes))
        };
        settings.logo = self.logo_file.as_ref().map(|path| picture("logo_file", path)).transpose()?;
        for (app, file) in settings.apps.iter_mut().zip(&self.icon_files) {
            app.icon = file.as_ref().map(|path| picture("apps icon_file", path)).transpose()?;
        }
        if let Some(path) = &self.css_file {
            let css =
                fs::read_to_string(path).map_err(|error| unreadable(setting("css_file"), path, &error))?;
            settings.css = Some(css);
        }
        Site::build(settings).map_err(|error| ConfigError::value(setting(error.setting), error.reason))
    }
}

/// The built-in templates, replaced by those in `templates_dir`.
pub(crate) fn templates(directory: Option<&Path>) -> Result<Templates, ConfigError> {
    let mut templates = Templates::builtin();
    let Some(directory) = directory else { return Ok(templates) };
    let invalid = |error: TemplateError| ConfigError::value("templates_dir", error);
    let path = directory.display().to_string();
    let entries =
        fs::read_dir(directory).map_err(|error| unreadable("templates_dir".to_owned(), &path, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unreadable("templates_dir".to_owned(), &path, &error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        // Skips backup files of editors.
        if path.extension().is_none_or(|ending| ending != "html") || name.starts_with('.') {
            continue;
        }
        let source = fs::read_to_string(&path)
            .map_err(|error| unreadable("templates_dir".to_owned(), &path.display().to_string(), &error))?;
        templates.replace(&name, source).map_err(invalid)?;
    }
    templates.check().map_err(invalid)?;
    Ok(templates)
}

fn unreadable(setting: String, path: &str, error: &std::io::Error) -> ConfigError {
    ConfigError::value(setting, format!("cannot read {path}: {error}"))
}
