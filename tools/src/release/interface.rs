//! The public interface as a list of lines, and what of it a version may lose: something that is removed or changed raises the
//! second number before 1.0 and the first one after (docs/releasing.md). The lines are those of the contract, the names on the
//! pages of the Kotlin and Swift modules, which the rules hold to what is public, and the names in the front of the core.

use std::{collections::BTreeSet, fmt};

use crate::{failure::Failure, process::Run, project::Project, verdict::Verdict};

/// Everything that an app can use, one line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Interface(BTreeSet<String>);

const CONTRACT: &str = "udl/salekit.udl";
const CORE: &str = "core/src/lib.rs";
const PAGES: &[&str] = &[
    "bindings/kotlin/Module.md",
    "bindings/kotlin-android/Module.md",
    "bindings/kotlin-compose/Module.md",
    "bindings/kotlin-testing/Module.md",
    "bindings/swift/Sources/SaleKit/SaleKit.docc/SaleKit.md",
    "bindings/swift/Sources/SaleKitTesting/SaleKitTesting.docc/SaleKitTesting.md",
    "bindings/swift/Sources/SaleKitUI/SaleKitUI.docc/SaleKitUI.md",
];

/// `MAJOR.MINOR.PATCH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version([u64; 3]);

impl Version {
    /// What follows the three numbers, as in `1.0.0-beta`, does not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut numbers = numbers.split('.').map(|number| number.parse().ok());
        let version = Self([numbers.next()??, numbers.next()??, numbers.next()??]);
        numbers.next().is_none().then_some(version)
    }

    /// The least version after this one that may remove something.
    fn next_breaking(self) -> Self {
        match self.0 {
            [0, minor, _] => Self([0, minor + 1, 0]),
            [major, ..] => Self([major + 1, 0, 0]),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(out, "{major}.{minor}.{patch}")
    }
}

/// Compares the work tree with the latest version's tag. Without a tag there is nothing to compare, which is said.
pub(super) fn compared(project: &Project, version: &str) -> Result<Verdict, Failure> {
    const HOLDS: &str = "what the latest version had is there, or the version says that it is not";
    let git = |arguments: &[&str]| Run::new("git").args(arguments).within(project.root());
    let described = git(&["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]).output()?;
    if !described.status.success() {
        println!("no version is tagged: there is no interface to compare this one with");
        return Ok(Verdict::new(HOLDS, None::<String>));
    }
    let tag = String::from_utf8_lossy(&described.stdout).trim().to_owned();
    let parsed = |text: &str| Version::parse(text).ok_or_else(|| Failure::unfit(format!("{text} is no version")));
    let released = parsed(tag.trim_start_matches('v'))?;
    // What did not exist then has no line that could be lost.
    let before = Interface::of(|file| git(&["show", &format!("{tag}:{file}")]).read().ok());
    let now = Interface::of(|file| project.read(file).ok());
    Ok(Verdict::new(HOLDS, now.breaks(&before, released, parsed(version)?)))
}

impl Interface {
    /// `read` gives the text of a file of the project.
    fn of(read: impl Fn(&str) -> Option<String>) -> Self {
        let mut lines = BTreeSet::new();
        lines.extend(contract(&read(CONTRACT).unwrap_or_default()));
        lines.extend(front(&read(CORE).unwrap_or_default()));
        for page in PAGES {
            lines.extend(listed(page, &read(page).unwrap_or_default()));
        }
        Self(lines)
    }

    /// What was there before and is not now, although the version does not allow it.
    fn breaks(&self, before: &Self, released: Version, version: Version) -> Vec<String> {
        let least = released.next_breaking();
        if version >= least {
            return Vec::new();
        }
        let lost = before.0.difference(&self.0);
        lost.map(|line| {
            format!("{line}: it was in {released}; without it the version is {least} or later, not {version}")
        })
        .collect()
    }
}

/// The statements of the contract, each with the block that it is in. Comments and attributes of a block are left out.
fn contract(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"))
        .collect();
    let (mut block, mut lines) = (None::<String>, Vec::new());
    let code = code.join(" ");
    for (statement, end) in statements(&code) {
        let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        match (&block, end) {
            (None, '{') => block = Some(statement.rsplit(']').next().unwrap_or_default().trim().to_owned()),
            (Some(name), _) if !statement.is_empty() => lines.push(format!("{name}: {statement}")),
            _ => {}
        }
        if end == '}' {
            block = None;
        }
    }
    lines
}

/// The text between the signs that end a statement, with the sign. In an enumeration, that is the comma too.
fn statements(code: &str) -> Vec<(&str, char)> {
    let (mut found, mut start, mut inside_enum, mut brackets) = (Vec::new(), 0, false, 0_u32);
    for (at, sign) in code.char_indices() {
        match sign {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        if brackets == 0 && (matches!(sign, '{' | '}' | ';') || (sign == ',' && inside_enum)) {
            let statement = code.get(start..at).unwrap_or_default();
            if sign == '{' {
                inside_enum = statement.trim_start().starts_with("enum ");
            }
            found.push((statement, sign));
            start = at + 1;
        }
    }
    found
}

/// The names that the front of the core re-exports.
fn front(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for statement in text.split(';') {
        let Some((_, exported)) = statement.rsplit_once("pub use ") else {
            continue;
        };
        let exported = exported.split_once('{').map_or(exported, |(_, names)| names);
        for name in exported.split([',', '{', '}']) {
            let name = name.rsplit("::").next().unwrap_or_default();
            let name = name.rsplit(" as ").next().unwrap_or_default().trim();
            if !name.is_empty() {
                names.push(format!("{CORE}: {name}"));
            }
        }
    }
    names
}

/// The entries of a module's page: `` - ``Name`` `` in Swift, `- [Name][package.Name]` in Kotlin.
fn listed(page: &str, text: &str) -> Vec<String> {
    let entry = |line: &str| {
        let line = line.strip_prefix("- ")?;
        let swift = line.strip_prefix("``").and_then(|line| line.strip_suffix("``"));
        let name = swift.or_else(|| line.strip_prefix('[')?.split_once("][").map(|(name, _)| name))?;
        Some(format!("{page}: {name}"))
    };
    text.lines().filter_map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UDL: &str = "/// What.\nnamespace salekit {\n  /// Reads; writes.\n  [Throws=SaleKitError]\n  Money parse_money([ByRef] string amount,\n    [ByRef] string currency);\n};\n\n\
        // -----\ndictionary Money {\n  i64 minor_units;\n  string? note = null;\n};\n\nenum Pace { \"Strict\", \"Lax\" };\n\n\
        [Enum]\ninterface Outcome {\n  Approved(Money money);\n  Unknown();\n};\n";

    fn interface(udl: &str) -> Interface {
        Interface::of(|file| match file {
            CONTRACT => Some(udl.to_owned()),
            CORE => Some(
                "pub mod flow;\npub use card::{Card,\n    number::CardNumber};\npub use money::Money;\n".to_owned(),
            ),
            "bindings/kotlin/Module.md" => Some("Text.\n\n- [Sale][dev.salekit.Sale]\n".to_owned()),
            "bindings/swift/Sources/SaleKit/SaleKit.docc/SaleKit.md" => Some("- ``Sale``\n- a thing\n".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn every_line_of_an_interface_is_read() {
        let lines = interface(UDL).0;
        let expected = [
            "bindings/kotlin/Module.md: Sale",
            "bindings/swift/Sources/SaleKit/SaleKit.docc/SaleKit.md: Sale",
            "core/src/lib.rs: Card",
            "core/src/lib.rs: CardNumber",
            "core/src/lib.rs: Money",
            "dictionary Money: i64 minor_units",
            "dictionary Money: string? note = null",
            "enum Pace: \"Lax\"",
            "enum Pace: \"Strict\"",
            "interface Outcome: Approved(Money money)",
            "interface Outcome: Unknown()",
            "namespace salekit: [Throws=SaleKitError] Money parse_money([ByRef] string amount, [ByRef] string currency)",
        ];
        assert_eq!(lines.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    /// What breaks if the contract changes from what it is above, from 0.1.0 to this version.
    fn broken(from: &str, to: &str, version: &str) -> usize {
        let changed = UDL.replace(from, to);
        assert_ne!(changed, UDL);
        let (released, version) = (Version::parse("0.1.0").unwrap(), Version::parse(version).unwrap());
        interface(&changed).breaks(&interface(UDL), released, version).len()
    }

    #[test]
    fn what_is_removed_or_changed_needs_a_higher_version() {
        for (from, to, lost) in [
            ("  string? note = null;\n", "", 1),
            ("i64 minor_units", "u64 minor_units", 1),
            ("string? note = null", "string? note", 1),
            (", \"Lax\"", "", 1),
            ("  Unknown();\n", "", 1),
            ("dictionary Money {", "dictionary Amount {", 2),
        ] {
            assert_eq!(broken(from, to, "0.1.0"), lost, "{from}");
            assert_eq!(broken(from, to, "0.1.9"), lost, "{from}");
            assert_eq!(broken(from, to, "0.2.0"), 0, "{from}");
        }
    }

    #[test]
    fn what_is_added_moved_or_explained_does_not() {
        for (from, to) in [
            (
                "  string? note = null;\n",
                "  string? note = null;\n  string? more = null;\n",
            ),
            ("\"Strict\", \"Lax\"", "\"Lax\", \"Strict\""),
            ("/// What.", "/// What it is."),
        ] {
            assert_eq!(broken(from, to, "0.1.0"), 0, "{from}");
        }
    }

    #[test]
    fn the_message_says_what_and_what_for() {
        let version = Version::parse("0.1.1").unwrap();
        let without = interface(&UDL.replace("  Unknown();\n", ""));
        let found = without.breaks(&interface(UDL), Version::parse("0.1.0").unwrap(), version);
        assert_eq!(
            found,
            ["interface Outcome: Unknown(): it was in 0.1.0; without it the version is 0.2.0 or later, not 0.1.1"]
        );
    }

    #[test]
    fn the_first_number_counts_from_1_0_on() {
        let next = |text: &str| Version::parse(text).unwrap().next_breaking().to_string();
        assert_eq!((next("0.3.7"), next("1.2.3")), ("0.4.0".to_owned(), "2.0.0".to_owned()));
        assert_eq!(Version::parse("1.2.3-beta.1"), Version::parse("1.2.3"));
        assert_eq!(
            (Version::parse("1.2"), Version::parse("1.2.3.4"), Version::parse("x")),
            (None, None, None)
        );
    }

    #[test]
    fn the_interface_of_this_project_is_read() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let lines = Interface::of(|file| std::fs::read_to_string(root.join(file)).ok()).0;
        for part in std::iter::once(&"dictionary SaleRequest: ")
            .chain(&["namespace salekit: ", CORE])
            .chain(PAGES)
        {
            assert!(lines.iter().any(|line| line.starts_with(part)), "{part}");
        }
    }
}
