//! Selection of the apps that a host shows.

use super::{
    builtin,
    client_app::ClientApp,
    custom_app::{CustomApp, CustomAppError, picture},
};

/// The settings of a host's apps are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppSelectionError {
    /// A custom app is invalid.
    #[error(transparent)]
    Custom(#[from] CustomAppError),
    /// Two apps have the same id.
    #[error("two apps have the id {0:?}; give one of them another id")]
    DuplicateId(String),
    /// A setting names an unknown app.
    #[error("{setting} names the app {id:?}, which does not exist; the known apps are {known}")]
    Unknown {
        /// Name of the setting.
        setting: &'static str,
        /// Unknown id.
        id: String,
        /// Ids of all apps.
        known: String,
    },
}

/// The apps of a host, in order: custom apps, then built-in ones. A custom app that has only an id and an icon gives
/// another app its icon. If `show` is not empty, only the apps in it, in its
/// order. Apps in `hide` are left out.
pub(crate) fn select(
    custom: Vec<CustomApp>,
    show: &[String],
    hide: &[String],
) -> Result<Vec<ClientApp>, AppSelectionError> {
    let (icons, custom): (Vec<_>, Vec<_>) =
        custom.into_iter().partition(|custom| custom.icon_alone().is_some());
    let mut all = custom.into_iter().map(CustomApp::into_client_app).collect::<Result<Vec<_>, _>>()?;
    // A custom app replaces the built-in app with the same id.
    all.extend(
        builtin::all()
            .into_iter()
            .filter(|builtin| !all.iter().any(|custom| custom.id == builtin.id))
            .collect::<Vec<_>>(),
    );
    for (index, client_app) in all.iter().enumerate() {
        if all[..index].iter().any(|other| other.id == client_app.id) {
            return Err(AppSelectionError::DuplicateId(client_app.id.clone()));
        }
    }
    let unknown = |all: &[ClientApp], setting, id: &str| {
        let known = all.iter().map(|client_app| client_app.id.as_str()).collect::<Vec<_>>().join(", ");
        AppSelectionError::Unknown { setting, id: id.to_owned(), known }
    };
    for (id, (file, bytes)) in icons.iter().filter_map(CustomApp::icon_alone) {
        let icon = picture(file.clone(), bytes)?;
        match all.iter_mut().find(|client_app| client_app.id == id) {
            Some(client_app) => client_app.icon = Some(icon),
            None => return Err(unknown(&all, "icon_file", id)),
        }
    }
    for (setting, ids) in [("apps_show", show), ("apps_hide", hide)] {
        if let Some(id) = ids.iter().find(|id| !all.iter().any(|client_app| client_app.id == **id)) {
            return Err(unknown(&all, setting, id));
        }
    }
    let selected = if show.is_empty() {
        all
    } else {
        show.iter().filter_map(|id| all.iter().find(|client_app| client_app.id == *id)).cloned().collect()
    };
    Ok(selected.into_iter().filter(|client_app| !hide.contains(&client_app.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_apps::AppIcon;

    fn ids(custom: &[&str], show: &[&str], hide: &[&str]) -> Result<String, String> {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let app = |name: &&str| CustomApp { name: (*name).to_owned(), ..CustomApp::default() };
        let custom = custom.iter().map(app).collect();
        let selected = select(custom, &texts(show), &texts(hide)).map_err(|error| error.to_string())?;
        Ok(selected.iter().map(|client_app| client_app.id.as_str()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn apps_are_shown_hidden_added_and_ordered() {
        let all = "monal snikket conversations siskin gajim dino kaidan yaxim";
        assert_eq!(ids(&[], &[], &[]).unwrap(), all);
        assert_eq!(ids(&["Our App"], &[], &[]).unwrap(), format!("our-app {all}"));
        assert_eq!(ids(&["Ours"], &["monal", "ours"], &[]).unwrap(), "monal ours");
        assert_eq!(ids(&[], &["monal", "dino"], &["dino"]).unwrap(), "monal");
        assert_eq!(
            ids(&["Dino"], &[], &[]).unwrap(),
            "dino monal snikket conversations siskin gajim kaidan yaxim"
        );
    }

    #[test]
    fn an_app_keeps_everything_but_its_icon() {
        let icon = |id: &str| CustomApp {
            id: Some(id.to_owned()),
            icon: Some(("a.svg".to_owned(), b"<svg/>".to_vec())),
            ..CustomApp::default()
        };
        let before = select(Vec::new(), &[], &[]).unwrap();
        let after = select(vec![icon("gajim")], &[], &[]).unwrap();
        for (before, after) in before.into_iter().zip(after) {
            let icon = match after.id.as_str() {
                "gajim" => Some(AppIcon::Picture("data:image/svg+xml;base64,PHN2Zy8+".to_owned())),
                _ => before.icon.clone(),
            };
            assert_eq!(after, ClientApp { icon, ..before });
        }
        let error = select(vec![icon("gajm")], &[], &[]).unwrap_err().to_string();
        assert!(error.starts_with("icon_file names the app \"gajm\", which does not exist"), "{error}");
    }

    #[test]
    fn an_invalid_selection_names_the_setting_or_app() {
        let error = ids(&[], &["monall"], &[]).unwrap_err();
        assert!(
            error.starts_with("apps_show names the app \"monall\"") && error.contains("monal, "),
            "{error}"
        );
        assert!(ids(&[], &[], &["x"]).unwrap_err().starts_with("apps_hide names"));
        assert_eq!(
            ids(&["A", "a"], &[], &[]).unwrap_err(),
            "two apps have the id \"a\"; give one of them another id"
        );
    }
}
