//! A POM: what Maven Central demands of it, and what Maven reads in it.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use crate::failure::Failure;

const FIELDS: &[&str] = &[
    "groupId",
    "artifactId",
    "version",
    "name",
    "description",
    "url",
    "licenses",
    "developers",
    "scm",
];

/// What is read of a POM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pom {
    pub(crate) group: String,
    pub(crate) artefact: String,
    /// Its own version, or that of the parent that it takes it from.
    pub(crate) version: String,
    pub(crate) packaging: String,
    pub(crate) dependencies: BTreeSet<Dependency>,
    pub(crate) properties: BTreeMap<String, String>,
    /// Fields that Maven Central demands and that are missing or empty.
    pub(crate) missing: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Dependency {
    pub(crate) group: String,
    pub(crate) artefact: String,
    pub(crate) version: String,
    /// `compile`, `runtime` and so on; empty if nothing is said.
    pub(crate) scope: String,
}

impl Pom {
    /// `name` is for the message.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Failure> {
        let document = Document::parse(text).map_err(|error| Failure::unfit(format!("{name} is no XML: {error}")))?;
        let project = document.root_element();
        let own = texts(project);
        let parent = child(project, "parent").map(texts);
        let of = |tag: &str| {
            own(tag)
                .or_else(|| parent.as_ref().and_then(|parent| parent(tag)))
                .unwrap_or_default()
        };
        let dependencies = child(project, "dependencies")
            .into_iter()
            .flat_map(|list| list.children())
            .filter(Node::is_element);
        let properties = child(project, "properties")
            .into_iter()
            .flat_map(|list| list.children())
            .filter(Node::is_element);
        let is_missing = |field: &&&str| !child(project, field).is_some_and(|field| field.has_children());
        Ok(Self {
            group: of("groupId"),
            artefact: of("artifactId"),
            version: of("version"),
            packaging: own("packaging").unwrap_or_default(),
            dependencies: dependencies.map(dependency).collect(),
            properties: properties.map(property).collect(),
            missing: FIELDS.iter().filter(is_missing).copied().collect(),
        })
    }
}

impl Pom {
    /// A property that must be there.
    pub(crate) fn property(&self, name: &str) -> Result<String, Failure> {
        let value = self.properties.get(name).cloned();
        value.ok_or_else(|| Failure::unfit(format!("the POM of {} has no property {name}", self.artefact)))
    }
}

fn property(node: Node<'_, '_>) -> (String, String) {
    (
        node.tag_name().name().to_owned(),
        node.text().unwrap_or_default().trim().to_owned(),
    )
}

fn dependency(node: Node<'_, '_>) -> Dependency {
    let text = texts(node);
    let text = |tag: &str| text(tag).unwrap_or_default();
    Dependency {
        group: text("groupId"),
        artefact: text("artifactId"),
        version: text("version"),
        scope: text("scope"),
    }
}

fn child<'a, 'input>(node: Node<'a, 'input>, tag: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.tag_name().name() == tag)
}

/// The text of a node's children by their tags.
fn texts(node: Node<'_, '_>) -> impl Fn(&str) -> Option<String> {
    move |tag| child(node, tag)?.text().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>a</groupId><artifactId>b</artifactId><version>0.1.0</version><name>n</name><description>d</description>
  <packaging>aar</packaging><properties><kotlin.oldest>2.2</kotlin.oldest></properties>
  <url>https://example.com</url><licenses><license><name>MIT</name></license></licenses>
  <developers><developer><name>x</name></developer></developers><scm><url>https://example.com</url></scm>
  <dependencies><dependency><groupId>c</groupId><artifactId>d</artifactId><version>7</version><scope>runtime</scope></dependency></dependencies>
</project>"#;

    fn parse(text: &str) -> Pom {
        Pom::parse("pom", text).unwrap()
    }

    #[test]
    fn what_maven_reads() {
        let pom = parse(POM);
        assert_eq!(pom.property("kotlin.oldest").unwrap(), "2.2");
        assert!(pom.property("kotlin.newest").is_err());
        let read = [pom.group, pom.artefact, pom.version, pom.packaging];
        assert_eq!(read, ["a", "b", "0.1.0", "aar"]);
        let [group, artefact, version, scope] = ["c", "d", "7", "runtime"].map(str::to_owned);
        assert_eq!(
            pom.dependencies,
            BTreeSet::from([Dependency {
                group,
                artefact,
                version,
                scope
            }])
        );
    }

    #[test]
    fn every_field_is_demanded_of_the_project_itself() {
        assert_eq!(parse(POM).missing, Vec::<&str>::new());
        for field in FIELDS {
            let (open, close) = (format!("<{field}>"), format!("</{field}>"));
            let renamed = POM.replacen(&open, "<other>", 1).replacen(&close, "</other>", 1);
            assert_eq!(parse(&renamed).missing, [*field]);
        }
        assert_eq!(parse(&POM.replace("<name>n</name>", "<name></name>")).missing, ["name"]);
    }

    #[test]
    fn a_version_may_be_the_parents() {
        let inherited =
            "<project><parent><version>2</version></parent><dependency><version>7</version></dependency></project>";
        assert_eq!(parse(inherited).version, "2");
        assert_eq!(parse("<project/>").version, "");
    }

    #[test]
    fn what_is_no_xml_is_said() {
        let failure = Pom::parse("the POM", "<project>").unwrap_err().to_string();
        assert!(failure.starts_with("the POM is no XML"), "{failure}");
    }
}
