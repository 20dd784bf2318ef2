//! The words on the screens of the built-in apps where people log in.
//!
//! They are quoted from the translations of each app, not translated here, so that people find them on their screen.
//! An app that is not translated into a language, or whose words are not known, has no row.

use crate::i18n::Language;

/// The words on the screens where people log in to an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoginWords {
    /// The button of the first screen that leads to the log-in.
    pub(crate) button: &'static str,
    /// The label of the field for the address, if it has one.
    pub(crate) address: Option<&'static str>,
}

/// Tag of a language, and the words in it.
type Row = (&'static str, &'static str, Option<&'static str>);

/// `i_already_have_an_account` and `account_settings_jabber_id` in `strings.xml`, August 2023.
const CONVERSATIONS: &[Row] = &[
    ("en", "I already have an account", Some("XMPP address")),
    ("de", "Ich habe bereits ein Konto", Some("XMPP-Adresse")),
    ("es", "Ya tengo una cuenta", Some("Dirección XMPP")),
    ("fr", "J’ai déjà un compte", Some("Adresse XMPP")),
    ("it", "Ho già un profilo", Some("Indirizzo XMPP")),
    ("nl", "Ik heb al een account", Some("XMPP-adres")),
    ("pl", "Już mam konto", Some("Adres XMPP")),
    ("pt-BR", "Eu já tenho uma conta.", Some("Endereço XMPP")),
    ("ru", "У меня уже есть аккаунт", Some("XMPP-адрес")),
    ("uk", "Я вже маю обліковий запис", Some("Адреса XMPP")),
    ("ar", "لدي حساب", Some("عنوان XMPP")),
    ("ja", "既にアカウントを持っています", Some("XMPP アドレス")),
    ("zh-Hans", "我已有账户", Some("XMPP地址")),
    ("zh-Hant", "我已經有一個帳戶", Some("XMPP 位址")),
];

/// The log-in page of the account wizard, August 2026. Its field for the address has an example, but no label.
const GAJIM: &[Row] = &[
    ("en", "Log In", None),
    ("de", "Einloggen", None),
    ("es", "Iniciar sesión", None),
    ("fr", "Connexion", None),
    ("it", "Accedi", None),
    ("pl", "Zaloguj", None),
    ("pt-BR", "Entrar", None),
    ("pt-PT", "Logar", None),
    ("ru", "Вход", None),
    ("uk", "Увійдіть", None),
    ("ar", "لِج", None),
    ("ja", "ログイン", None),
    ("zh-Hans", "登录", None),
];

/// The first window and the dialog that it opens, June 2026. The label of the field is not translated.
const DINO: &[Row] = &[
    ("en", "Set up account", Some("XMPP Address")),
    ("de", "Konto einrichten", Some("XMPP Address")),
    ("es", "Establecer cuenta", Some("XMPP Address")),
    ("fr", "Configurer un compte", Some("XMPP Address")),
    ("it", "Configura account", Some("XMPP Address")),
    ("nl", "Account instellen", Some("XMPP Address")),
    ("pl", "Załóż konto", Some("XMPP Address")),
    ("pt-BR", "Configurar a conta", Some("XMPP Address")),
    ("pt-PT", "Configurar a conta", Some("XMPP Address")),
    ("tr", "Hesap ayarla", Some("XMPP Address")),
    ("ru", "Настроить учётную запись", Some("XMPP Address")),
    ("uk", "Налаштування облікового запису", Some("XMPP Address")),
    ("ar", "هيئ الحساب", Some("XMPP Address")),
    ("fa", "حساب تنظیم کنید", Some("XMPP Address")),
    ("ja", "アカウントをセットアップ", Some("XMPP Address")),
    ("zh-Hans", "设置账号", Some("XMPP Address")),
    ("zh-Hant", "設定帳號", Some("XMPP Address")),
];

/// `LoginArea` and `JidField`, August 2026.
const KAIDAN: &[Row] = &[
    ("en", "Log in", Some("Chat address")),
    ("de", "Anmelden", Some("Chat-Adresse")),
    ("es", "Iniciar sesión", Some("Dirección de conversación")),
    ("fr", "Se connecter", Some("Adresse du forum")),
    ("it", "Accedi", Some("Indirizzo di chat")),
    ("nl", "Aanmelden", Some("Chatadres")),
    ("pl", "Zaloguj się", Some("Adres czatu")),
    ("pt-BR", "Entrar", Some("Endereço do bate-papo")),
    ("tr", "Oturum Aç", Some("Sohbet adresi")),
    ("ru", "Войти", Some("Адрес чата")),
    ("uk", "Увійти", Some("Адреса спілкування")),
    ("ar", "لِج", Some("عنوان الدردشة")),
    ("zh-Hans", "登录", Some("聊天地址")),
    ("zh-Hant", "登入", Some("聊天位址")),
];

/// The words of an app in a language.
pub(crate) fn login_words(client_app: &str, language: &Language) -> Option<LoginWords> {
    let rows = match client_app {
        "conversations" => CONVERSATIONS,
        "gajim" => GAJIM,
        "dino" => DINO,
        "kaidan" => KAIDAN,
        _ => return None,
    };
    let row = rows.iter().find(|(tag, ..)| *tag == language.language_tag);
    row.map(|&(_, button, address)| LoginWords { button, address })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{client_apps::builtin, i18n::Languages};

    #[test]
    fn the_words_are_those_of_the_app_in_the_language_of_the_visitor() {
        let languages = Languages::load();
        for (app, tag, expected) in [
            ("conversations", "de", Some(("Ich habe bereits ein Konto", Some("XMPP-Adresse")))),
            ("conversations", "de-x-formal", Some(("Ich habe bereits ein Konto", Some("XMPP-Adresse")))),
            ("conversations", "fa", None),
            ("gajim", "fr", Some(("Connexion", None))),
            ("kaidan", "nl", Some(("Aanmelden", Some("Chatadres")))),
            ("dino", "ja", Some(("アカウントをセットアップ", Some("XMPP Address")))),
            ("our-app", "en", None),
        ] {
            let words = login_words(app, languages.by_tag(tag).unwrap());
            assert_eq!(words.map(|words| (words.button, words.address)), expected, "{app} {tag}");
        }
    }

    #[test]
    fn every_row_is_reachable() {
        let languages = Languages::load();
        let apps: BTreeSet<_> = builtin::all().into_iter().map(|app| app.id).collect();
        for (app, rows) in
            [("conversations", CONVERSATIONS), ("gajim", GAJIM), ("dino", DINO), ("kaidan", KAIDAN)]
        {
            assert!(apps.contains(app), "{app} is not a built-in app");
            for &(tag, button, address) in rows {
                let language = languages.by_tag(tag).unwrap_or_else(|| panic!("{app}: no language {tag}"));
                assert_eq!(login_words(app, language), Some(LoginWords { button, address }), "{app} {tag}");
            }
        }
    }
}
