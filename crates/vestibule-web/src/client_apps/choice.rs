//! Which apps a host shows.

use super::{
    builtin,
    client_app::ClientApp,
    own::{OwnApp, OwnAppError},
};

/// The apps of a host cannot be chosen like that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// An app of the operator's own is wrong.
    #[error(transparent)]
    Own(#[from] OwnAppError),
    /// Two apps have one id.
    #[error("two apps have the id {0:?}; give one of them another id")]
    Twice(String),
    /// There is no such app.
    #[error("{setting} names the app {id:?}, which is not there; the known ones are {known}")]
    Unknown {
        /// The setting that names it.
        setting: &'static str,
        /// The name.
        id: String,
        /// Those that are there.
        known: String,
    },
}

/// The apps of a host, in order: the operator's own, then those we know of; those of `show` alone, in its order, if
/// it names any; without those of `hide`.
pub(crate) fn choose(
    own: Vec<OwnApp>,
    show: &[String],
    hide: &[String],
) -> Result<Vec<ClientApp>, ChoiceError> {
    let mut all = own.into_iter().map(OwnApp::into_program).collect::<Result<Vec<_>, _>>()?;
    // An app of the operator's takes the place of one of ours that has its id.
    all.extend(
        builtin::all()
            .into_iter()
            .filter(|known| !all.iter().any(|own| own.id == known.id))
            .collect::<Vec<_>>(),
    );
    for (index, client_app) in all.iter().enumerate() {
        if all[..index].iter().any(|other| other.id == client_app.id) {
            return Err(ChoiceError::Twice(client_app.id.clone()));
        }
    }
    for (setting, ids) in [("apps_show", show), ("apps_hide", hide)] {
        if let Some(id) = ids.iter().find(|id| !all.iter().any(|client_app| client_app.id == **id)) {
            let known = all.iter().map(|client_app| client_app.id.as_str()).collect::<Vec<_>>().join(", ");
            return Err(ChoiceError::Unknown { setting, id: id.clone(), known });
        }
    }
    let chosen = if show.is_empty() {
        all
    } else {
        show.iter().filter_map(|id| all.iter().find(|client_app| client_app.id == *id)).cloned().collect()
    };
    Ok(chosen.into_iter().filter(|client_app| !hide.contains(&client_app.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(own: &[&str], show: &[&str], hide: &[&str]) -> Result<String, String> {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let own = own.iter().map(|name| OwnApp { name: (*name).to_owned(), ..OwnApp::default() }).collect();
        let chosen = choose(own, &texts(show), &texts(hide)).map_err(|error| error.to_string())?;
        Ok(chosen.iter().map(|client_app| client_app.id.as_str()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn apps_are_shown_hidden_added_and_ordered() {
        let all = "conversations yaxim monal snikket gajim dino kaidan";
        assert_eq!(ids(&[], &[], &[]).unwrap(), all);
        assert_eq!(ids(&["Our App"], &[], &[]).unwrap(), format!("our-app {all}"));
        assert_eq!(ids(&["Ours"], &["monal", "ours"], &[]).unwrap(), "monal ours");
        assert_eq!(ids(&[], &["monal", "dino"], &["dino"]).unwrap(), "monal");
        assert_eq!(ids(&["Dino"], &[], &[]).unwrap(), "dino conversations yaxim monal snikket gajim kaidan");
    }

    #[test]
    fn a_wrong_choice_is_named() {
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
