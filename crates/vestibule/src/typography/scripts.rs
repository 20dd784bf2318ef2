//! What characters and the names of fonts say about each other.

/// How well a family fits, among those with the same characters. All of Noto's families for Chinese, Japanese and
/// Korean have the same characters, in the form of one language.
pub(crate) fn preference(family: &str, text: &str) -> u8 {
    let language = if text.contains(is_kana) {
        " JP"
    } else if text.contains(is_hangul) {
        " KR"
    } else {
        " SC"
    };
    match family {
        name if name.starts_with("Noto Sans") && name.ends_with(language) => 4,
        name if name.starts_with("Noto Sans CJK") || name.contains("Mono") => 0,
        name if name.starts_with("Noto Sans") => 3,
        name if name.contains("Sans") => 2,
        _ => 1,
    }
}

const fn is_kana(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

const fn is_hangul(char: char) -> bool {
    matches!(char, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}')
}

/// Characters that are not drawn, such as joiners and marks of direction.
pub(crate) const fn is_ignorable(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// The Debian package with a font for a character.
pub(crate) const fn debian_package(char: char) -> &'static str {
    let is_cjk = is_kana(char)
        || is_hangul(char)
        || matches!(
            char,
            '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
                | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}'
        );
    if is_cjk { "fonts-noto-cjk" } else { "fonts-noto-core" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_font_has_a_package() {
        assert_eq!(debian_package('雪'), "fonts-noto-cjk");
        for (char, package) in [
            ('か', "fonts-noto-cjk"),
            ('한', "fonts-noto-cjk"),
            ('ש', "fonts-noto-core"),
            ('न', "fonts-noto-core"),
        ] {
            assert_eq!(debian_package(char), package, "{char}");
        }
    }

    #[test]
    fn a_family_of_the_languages_own_form_is_preferred() {
        let best = |text: &str| {
            let families = ["Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC", "Noto Serif CJK JP"];
            families.into_iter().max_by_key(|family| preference(family, text)).unwrap()
        };
        assert_eq!(best("雪"), "Noto Sans CJK SC");
        assert_eq!(best("雪の子"), "Noto Sans CJK JP");
        assert_eq!(best("눈"), "Noto Sans CJK KR");
    }
}
