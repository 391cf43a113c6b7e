//! What the crates depend on: `cargo tool check dependencies`. Licences, bans, duplicates and sources by the rules in deny.toml.
//! cargo-deny reads the same rules and knows more, and is asked too where it is installed; building it takes longer than all other
//! checks together. Security advisories are not among it: their database comes from the network.

mod licence;
mod rules;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    rules::{Rules, Skip},
    tree::Package,
};
use crate::{
    check::Checks,
    command::Outcome,
    process::Run,
    project::Project,
    verdict::{Verdict, report},
};

/// The HTTP and TLS libraries, and the dependencies that only they need.
const HTTPS: &[&str] = &[
    "h2",
    "http",
    "httparse",
    "httpdate",
    "mio",
    "native-tls",
    "reqwest",
    "socket2",
];
const HTTPS_BEGINNINGS: &[&str] = &["http-body", "hyper", "openssl", "tower", "webpki"];

pub(crate) fn check(project: &Project) -> Outcome {
    let mut checks = Checks::new();
    let rules = Rules::parse(&project.read("deny.toml")?)?;
    let packages = tree::packages(project, &rules)?;
    println!("{} packages", packages.len());
    report(&mut checks, "dependencies", verdicts(&packages, &rules));
    if Run::line("cargo deny --version").output()?.status.success() {
        // Not its bans: it also counts the versions that only tests need.
        let deny = Run::line("cargo deny --locked check licenses sources").within(project.root());
        checks.check("cargo deny allows every licence and source", deny.read().map(drop));
    }
    report(
        &mut checks,
        "salekit-core",
        [without_https(&tree::core_without_transport(project)?)],
    );
    Ok(checks.close())
}

fn verdicts(packages: &[Package], rules: &Rules) -> Vec<Verdict> {
    vec![
        Verdict::new("every licence is allowed", licences(packages, rules)),
        Verdict::new("no crate is banned", bans(packages, rules)),
        Verdict::new("no crate is there twice", duplicates(packages, rules)),
        Verdict::new(
            "every crate comes from the registry that cargo knows",
            sources(packages),
        ),
    ]
}

fn licences(packages: &[Package], rules: &Rules) -> Vec<String> {
    let is_allowed = |package: &Package| {
        let mut allowed = rules.licences.clone();
        allowed.extend(rules.exceptions.get(&package.name).into_iter().flatten().cloned());
        licence::is_allowed(&package.licence, &allowed)
    };
    let licence = |package: &Package| match package.licence.as_str() {
        "" => "no licence".to_owned(),
        licence => licence.to_owned(),
    };
    let found = packages.iter().filter(|package| !is_allowed(package));
    found
        .map(|package| {
            format!(
                "{} {}: {}, which deny.toml does not allow",
                package.name,
                package.version,
                licence(package)
            )
        })
        .collect()
}

fn bans(packages: &[Package], rules: &Rules) -> Vec<String> {
    let banned = |package: &Package| {
        let reason = rules.bans.get(&package.name)?;
        Some(format!("{} {} is banned: {reason}", package.name, package.version))
    };
    packages.iter().filter_map(banned).collect()
}

/// What is built at all, of which nobody else's older choice needs another version. A skip that is not needed is found too.
fn duplicates(packages: &[Package], rules: &Rules) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut used: BTreeSet<&Skip> = BTreeSet::new();
    for package in packages.iter().filter(|package| !package.tests_only) {
        match rules
            .skips
            .iter()
            .find(|skip| skip.covers(&package.name, &package.version))
        {
            Some(skip) => {
                used.insert(skip);
            }
            None => versions.entry(&package.name).or_default().push(&package.version),
        }
    }
    let several = versions.iter().filter(|(_, versions)| versions.len() > 1);
    let unused = rules.skips.iter().filter(|skip| !used.contains(skip));
    several
        .map(|(name, versions)| format!("{name} {}: one of them is allowed", versions.join(", ")))
        .chain(unused.map(|skip| format!("{}@{} is skipped in deny.toml and not there", skip.name, skip.version)))
        .collect()
}

fn sources(packages: &[Package]) -> Vec<String> {
    let elsewhere = |package: &Package| {
        package
            .source
            .as_ref()
            .map(|source| format!("{} comes from {source}", package.name))
    };
    packages.iter().filter_map(elsewhere).collect()
}

/// What is left of HTTP and TLS for somebody who brings a transport of their own.
fn without_https(names: &BTreeSet<String>) -> Verdict {
    let is_https = |name: &&String| {
        HTTPS.contains(&name.as_str())
            || HTTPS_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
            || name.contains("rustls")
    };
    Verdict::new(
        "without its transport it needs neither HTTP nor TLS",
        names.iter().filter(is_https),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::broken;

    const RULES: &str = r#"
        [graph]
        targets = []
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "uniffi", allow = ["MPL-2.0"] }]
        [bans]
        deny = [{ crate = "openssl", reason = "TLS is rustls" }]
        skip = [{ crate = "syn@2", reason = "older" }]
    "#;

    fn package(name: &str, version: &str, licence: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: licence.to_owned(),
            source: None,
            tests_only: false,
        }
    }

    /// What breaks the rules if these packages are there besides good ones.
    fn found(more: impl IntoIterator<Item = Package>) -> Vec<String> {
        let mut packages = vec![
            package("syn", "2.0.1", "MIT"),
            package("syn", "3.0.0", "MIT OR GPL-3.0"),
            package("uniffi", "0.32.2", "MPL-2.0"),
        ];
        packages.extend(more);
        let verdicts = verdicts(&packages, &Rules::parse(RULES).unwrap());
        verdicts.into_iter().flat_map(|verdict| verdict.broken_by).collect()
    }

    #[test]
    fn good_packages_pass() {
        assert_eq!(found([]), Vec::<String>::new());
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        let found = found([package("a", "1.0.0", "MPL-2.0"), package("b", "1.0.0", "")]);
        let expected = [
            "a 1.0.0: MPL-2.0, which deny.toml does not allow",
            "b 1.0.0: no licence, which deny.toml does not allow",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_banned_crate_is_found() {
        assert_eq!(
            found([package("openssl", "0.10.0", "MIT")]),
            ["openssl 0.10.0 is banned: TLS is rustls"]
        );
    }

    #[test]
    fn a_second_version_is_found_but_not_of_tests() {
        let tests = Package {
            tests_only: true,
            ..package("uniffi", "0.30.0", "MIT")
        };
        assert_eq!(found([tests]), Vec::<String>::new());
        let found = found([package("uniffi", "0.30.0", "MIT")]);
        assert_eq!(found, ["uniffi 0.32.2, 0.30.0: one of them is allowed"]);
    }

    #[test]
    fn a_skip_without_use_is_found() {
        let verdicts = verdicts(&[package("syn", "3.0.0", "MIT")], &Rules::parse(RULES).unwrap());
        assert_eq!(broken(&verdicts), ["no crate is there twice"]);
    }

    #[test]
    fn another_source_is_found() {
        let patched = Package {
            source: Some("https://example.com/a".to_owned()),
            ..package("a", "1.0.0", "MIT")
        };
        assert_eq!(found([patched]), ["a comes from https://example.com/a"]);
    }

    #[test]
    fn http_and_tls_are_found_by_all_their_names() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let bad = [
            "hyper-util",
            "http",
            "http-body-util",
            "tokio-rustls",
            "webpki-roots",
            "mio",
            "tower-service",
        ];
        assert_eq!(without_https(&names(&bad)).broken_by.len(), bad.len());
        let good = ["tokio", "ring", "url", "httpq", "serde_json"];
        assert_eq!(without_https(&names(&good)).broken_by, Vec::<String>::new());
    }
}
