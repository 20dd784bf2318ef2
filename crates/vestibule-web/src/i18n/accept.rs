//! `Accept-Language` (RFC 9110 section 12.5.4), and the languages that tags stand for.

/// Maximum number of ranges that are read: more than any browser sends.
const MAX_RANGES: usize = 32;

/// The language ranges of the header by descending quality, without excluded ones (`q=0`).
pub(super) fn by_preference(header: &str) -> Vec<&str> {
    let mut ranges: Vec<(&str, u16)> = header.split(',').take(MAX_RANGES).filter_map(range).collect();
    // The sort is stable, so ranges of equal quality keep their order.
    ranges.sort_by_key(|(_, quality)| std::cmp::Reverse(*quality));
    ranges.into_iter().map(|(tag, _)| tag).collect()
}

/// A range and its quality, in thousandths.
fn range(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let quality = match parts.find_map(|part| part.strip_prefix("q=")) {
        None => 1000,
        Some(weight) => thousandths(weight)?,
    };
    (quality > 0).then_some((tag, quality))
}

fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

/// Tags of earlier versions, in links that people have saved.
const FORMER: [(&str, &str); 1] = [("pt", "pt-BR")];

/// The tag that replaces a tag of an earlier version.
pub(super) fn current(tag: &str) -> &str {
    FORMER.iter().find(|(former, _)| former.eq_ignore_ascii_case(tag)).map_or(tag, |(_, current)| current)
}

/// The tag for a range of a language that has several: Portuguese outside of Brazil is closer to that of Portugal, and
/// the script of Chinese follows from the region.
pub(super) fn resolved(range: &str) -> Option<&'static str> {
    let has = |wanted: &[&str]| {
        range.split('-').skip(1).any(|own| wanted.iter().any(|one| one.eq_ignore_ascii_case(own)))
    };
    match range.split('-').next()?.to_ascii_lowercase().as_str() {
        "pt" => Some("pt-PT"),
        "zh" if has(&["Hans"]) => Some("zh-Hans"),
        "zh" if has(&["Hant", "TW", "HK", "MO"]) => Some("zh-Hant"),
        "zh" => Some("zh-Hans"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_ordered_by_quality() {
        assert_eq!(by_preference("da, en-gb;q=0.8, en;q=0.7"), ["da", "en-gb", "en"]);
        assert_eq!(by_preference("a;q=0.001,b;q=0.01 , c;q=1.0,d;q=0"), ["c", "b", "a"]);
        assert_eq!(by_preference("a;q=2,b;q=0.1234,c;q=1.5,d;q=-1,e;q=x"), [""; 0]);
    }
}
