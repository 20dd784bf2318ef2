//! A stanza as it came.

/// An element with everything in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name, without a prefix.
    pub name: String,
    /// Its namespace.
    pub ns: String,
    /// Its attributes; namespaces of attributes are left out.
    pub attributes: Vec<(String, String)>,
    /// The elements in it.
    pub children: Vec<Element>,
    /// All text that is directly in it.
    pub text: String,
}

impl Element {
    /// An attribute, or nothing.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has this name and namespace.
    pub fn is(&self, name: &str, ns: &str) -> bool {
        self.name == name && self.ns == ns
    }

    /// The first child of that name and namespace.
    pub fn child(&self, name: &str, ns: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(name, ns))
    }

    /// Whether it is a stanza of that kind (`iq`, `presence`) and type.
    pub fn is_stanza(&self, kind: &str, of_type: &str) -> bool {
        self.name == kind && self.attr("type") == Some(of_type)
    }

    /// Whether a bare address or one of its resources sent it.
    pub fn is_from(&self, jid: &str) -> bool {
        let from = self.attr("from").unwrap_or_default();
        from.split('/').next() == Some(jid)
    }
}
