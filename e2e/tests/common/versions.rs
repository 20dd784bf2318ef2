//! Tests with each version of Prosody.

/// Creates the tests `v012::NAME` and `v13::NAME` of functions that take a `Version`.
macro_rules! on_both_versions {
    ($($test:ident),+ $(,)?) => {
        mod v012 {
            $(#[test]
            fn $test() {
                super::$test(vestibule_e2e::Version::V012);
            })+
        }
        mod v13 {
            $(#[test]
            fn $test() {
                super::$test(vestibule_e2e::Version::V13);
            })+
        }
    };
}

pub(crate) use on_both_versions;
