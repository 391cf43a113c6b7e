//! What Maven Central demands of a POM.

use roxmltree::Document;

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

/// The fields that Maven Central demands and that are missing or empty. `name` is for the message.
pub(super) fn missing_fields(name: &str, pom: &str) -> Result<Vec<String>, Failure> {
    let document = parse(name, pom)?;
    let has = |field: &&&str| {
        let mut children = document.root_element().children();
        children.any(|child| child.tag_name().name() == **field && (child.has_children()))
    };
    Ok(FIELDS
        .iter()
        .filter(|field| !has(field))
        .map(|field| format!("no <{field}>"))
        .collect())
}

/// The version of the project, or of the parent that it takes it from.
pub(super) fn version(name: &str, pom: &str) -> Result<Option<String>, Failure> {
    let document = parse(name, pom)?;
    let root = document.root_element();
    let parent = root.children().filter(|child| child.tag_name().name() == "parent");
    let mut versions = std::iter::once(root)
        .chain(parent)
        .flat_map(|node| node.children())
        .filter(|child| child.tag_name().name() == "version");
    Ok(versions.next().and_then(|version| version.text()).map(str::to_owned))
}

fn parse<'a>(name: &str, pom: &'a str) -> Result<Document<'a>, Failure> {
    Document::parse(pom).map_err(|error| Failure::unfit(format!("{name} is no XML: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>a</groupId><artifactId>b</artifactId><version>0.1.0</version><name>n</name><description>d</description>
  <url>https://example.com</url><licenses><license><name>MIT</name></license></licenses>
  <developers><developer><name>x</name></developer></developers><scm><url>https://example.com</url></scm>
  <dependencies><dependency><version>7</version><scm>no</scm></dependency></dependencies>
</project>"#;

    #[test]
    fn every_field_is_demanded_of_the_project_itself() {
        assert_eq!(missing_fields("pom", POM).unwrap(), Vec::<String>::new());
        for field in FIELDS {
            let renamed =
                POM.replacen(&format!("<{field}>"), "<other>", 1)
                    .replacen(&format!("</{field}>"), "</other>", 1);
            assert_eq!(missing_fields("pom", &renamed).unwrap(), [format!("no <{field}>")]);
        }
        let empty = POM.replace("<name>n</name>", "<name></name>");
        assert_eq!(missing_fields("pom", &empty).unwrap(), ["no <name>"]);
    }

    #[test]
    fn the_version_is_the_projects_or_its_parents() {
        assert_eq!(version("pom", POM).unwrap().as_deref(), Some("0.1.0"));
        let inherited =
            "<project><parent><version>2</version></parent><dependency><version>7</version></dependency></project>";
        assert_eq!(version("pom", inherited).unwrap().as_deref(), Some("2"));
        assert_eq!(version("pom", "<project/>").unwrap(), None);
    }

    #[test]
    fn what_is_no_xml_is_said() {
        assert!(
            version("the POM", "<project>")
                .unwrap_err()
                .to_string()
                .starts_with("the POM is no XML")
        );
    }
}
