//! What checks each snippet of a document. A snippet that nothing checks is reported.
//!
//! | language | what checks it |
//! |---|---|
//! | Rust | the documentation tests of the core, for pages that `core/src/lib.rs` includes; otherwise it is part of a source |
//! | Kotlin, Java | it is part of a file that the suites `kotlin`, `android` and `compose` compile |
//! | Gradle | the coordinates and the version are those of the artefacts; Gradle itself does not run here |
//! | Swift | the suite `apple` type-checks the pages that it names; otherwise it is part of a file or page that is compiled |
//! | shell | `bash -n`; scripts and the sandbox's options exist; the suite `sandbox-guide` runs the sale by curl |
//! | JSON, TOML | they are parsed; the suite `merchant-guide` compares the merchant's messages with two servers |
//! | XML | it is parsed; a POM names this version; the suite `android-sample` merges the manifest |
//! | Python | the suite `merchant-guide` runs it |
//! | text | nothing: it is a drawing |

use super::{
    page::{Page, Snippet},
    tree::Tree,
};
use crate::{failure::Failure, process::Run};

/// Snippets of `page` that nothing checks, or that do not pass what is checked here.
pub(super) fn unchecked(page: &Page, pages: &[Page], tree: &Tree) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for snippet in &page.snippets {
        if let Some(problem) = problem(page, snippet, pages, tree)? {
            found.push(format!("line {}: {}: {problem}", snippet.line, snippet.language));
        }
    }
    Ok(found)
}

fn problem(page: &Page, snippet: &Snippet, pages: &[Page], tree: &Tree) -> Result<Option<String>, Failure> {
    let code = snippet.code.as_str();
    let version = version(tree).unwrap_or_default();
    Ok(match snippet.language.split(',').next().unwrap_or_default() {
        "rust" if is_included(page.path(), tree) || is_part(code, tree, ".rs", "") => None,
        "rust" => Some("no documentation test includes the page, and no source contains this".to_owned()),
        "kotlin" | "kt" if is_in_the_build_file(code, tree) => None,
        "kotlin" | "kt" if is_gradle(code) => wrong_coordinates(code, version),
        "kotlin" | "kt" if is_part(code, tree, ".kt", "/src/test/") => None,
        "java" if is_part(code, tree, ".java", "/src/test/") => None,
        "kotlin" | "kt" | "java" => Some("no file that the tests compile contains this".to_owned()),
        "swift" if is_type_checked(page.path(), tree) => None,
        "swift" if is_part(code, tree, ".swift", "/Tests/") || is_in_a_page(code, pages, tree) => None,
        "swift" => {
            Some("the suite apple does not name the page, and no file that is compiled contains this".to_owned())
        }
        "sh" => wrong_shell(code, tree)?,
        "json" => serde_json::from_str::<serde_json::Value>(code)
            .err()
            .map(|error| error.to_string()),
        "toml" => toml::from_str::<toml::Table>(code).err().map(|error| error.to_string()),
        "xml" => wrong_xml(code).or_else(|| wrong_pom(code, version)),
        "python" => (page.path() != "docs/merchant.md").then(|| "only the merchant's guide is run".to_owned()),
        "text" => None,
        "" => Some("say which language it is".to_owned()),
        _ => Some("nothing checks this language".to_owned()),
    })
}

/// The version of all artefacts, from `Cargo.toml`.
fn version(tree: &Tree) -> Option<&str> {
    let (_, package) = tree.text("Cargo.toml")?.split_once("[workspace.package]")?;
    package.split_once("version = \"")?.1.split('"').next()
}

fn is_included(path: &str, tree: &Tree) -> bool {
    let inclusion = format!("include_str!(\"../../{path}\")");
    tree.text("core/src/lib.rs")
        .is_some_and(|text| text.contains(&inclusion))
}

/// Whether a script of the suite `apple` names the page.
fn is_type_checked(path: &str, tree: &Tree) -> bool {
    let is_named = |line: &str| line.contains("DOCUMENTS") && line.contains(path.trim_start_matches("bindings/swift"));
    tree.text("tools/shell/check-apple")
        .is_some_and(|text| text.lines().any(is_named))
}

fn is_in_a_page(code: &str, pages: &[Page], tree: &Tree) -> bool {
    let checked = pages.iter().filter(|page| is_type_checked(page.path(), tree));
    let snippets = checked
        .flat_map(|page| &page.snippets)
        .filter(|one| one.language == "swift");
    snippets.into_iter().any(|one| is_part_of(code, &one.code))
}

/// Whether a file with this ending, below a folder of this name, contains the code, indented as a whole or not.
fn is_part(code: &str, tree: &Tree, ending: &str, folder: &str) -> bool {
    tree.ending(ending)
        .filter(|(path, _)| path.contains(folder))
        .any(|(_, text)| is_part_of(code, text))
}

fn is_part_of(code: &str, text: &str) -> bool {
    let lines = |text: &str| text.trim_end().lines().map(str::to_owned).collect::<Vec<_>>();
    let (code, text) = (lines(code), lines(text));
    let indent = |line: &String| line.len() - line.trim_start().len();
    let Some(first) = code.first() else { return false };
    text.windows(code.len()).any(|part| {
        let Some(shift) = part.first().and_then(|line| indent(line).checked_sub(indent(first))) else {
            return false;
        };
        part.iter().zip(&code).all(|(line, wanted)| {
            line == wanted && line.trim().is_empty()
                || line.get(shift..).is_some_and(|rest| rest == wanted) && line.starts_with(&" ".repeat(shift))
        })
    })
}

/// Whether this, after a first line that says where it belongs, is in the sample's build file, whose versions and ABIs the
/// suite `packages` checks.
fn is_in_the_build_file(code: &str, tree: &Tree) -> bool {
    let Some((first, rest)) = code.split_once('\n') else {
        return false;
    };
    first.starts_with("// app/build.gradle.kts") && is_part(rest, tree, "app/build.gradle.kts", "")
}

/// Whether it is part of a build file, which its first line names.
fn is_gradle(code: &str) -> bool {
    let first = code.lines().next().unwrap_or_default();
    first.starts_with("// ") && first.contains(".gradle.kts")
}

/// Artefacts that a build file names: they must exist, in this version.
fn wrong_coordinates(code: &str, version: &str) -> Option<String> {
    let artefacts = ["salekit", "salekit-android", "salekit-compose", "salekit-testing"];
    let named = code
        .split("dev.salekit:")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    named
        .map(|named| named.split_once(':').unwrap_or((named, "")))
        .find_map(|(artefact, given)| {
            let is_right = artefacts.contains(&artefact) && given == version;
            (!is_right).then(|| format!("there is no dev.salekit:{artefact}:{given}; the version is {version}"))
        })
}

/// A POM that names SaleKit names its version.
fn wrong_pom(code: &str, version: &str) -> Option<String> {
    let is_old = code.contains("<groupId>dev.salekit<") && !code.contains(&format!("<version>{version}<"));
    is_old.then(|| format!("the version is {version}"))
}

/// What XML does not allow. Without a declaration it is a part of a document, in which a manifest's prefixes are known.
fn wrong_xml(code: &str) -> Option<String> {
    let parsed = if code.trim_start().starts_with("<?xml") {
        roxmltree::Document::parse(code).map(drop)
    } else {
        let (android, tools) = (
            "http://schemas.android.com/apk/res/android",
            "http://schemas.android.com/tools",
        );
        let whole = format!("<part xmlns:android=\"{android}\" xmlns:tools=\"{tools}\">{code}</part>");
        roxmltree::Document::parse(&whole).map(drop)
    };
    parsed.err().map(|error| error.to_string())
}

/// Lines that bash does not understand, and commands or options that the sandbox does not have.
fn wrong_shell(code: &str, tree: &Tree) -> Result<Option<String>, Failure> {
    let parsed = Run::new("bash").args(["-n", "-c", code]).output()?;
    if !parsed.status.success() {
        return Ok(Some(String::from_utf8_lossy(&parsed.stderr).trim().to_owned()));
    }
    let cli: String = tree
        .ending(".rs")
        .filter(|(path, _)| path.starts_with("sandbox/src/cli/"))
        .map(|(_, text)| text)
        .collect();
    let joined = code.replace("\\\n", " ");
    let scripts = joined.split_whitespace().map(|word| word.trim_start_matches("./"));
    if let Some(script) = scripts
        .filter(|word| word.starts_with("scripts/"))
        .find(|word| !tree.has(word))
    {
        return Ok(Some(format!("there is no {script}")));
    }
    let commands = joined
        .lines()
        .filter_map(|line| line.trim().strip_prefix("cargo run -- "));
    let mut words = commands.flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
    Ok(words.find_map(|word| {
        let option = word
            .strip_prefix("--")
            .filter(|option| !matches!(*option, "help" | ""))?;
        let field = option.replace('-', "_");
        let is_known = [format!(" {field}:"), format!("\"{option}\"")]
            .iter()
            .any(|place| cli.contains(place));
        (!is_known).then(|| format!("the sandbox has no option --{option}"))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, language: &str, code: &str) -> Vec<String> {
        let tree = Tree::with(&[
            ("Cargo.toml", "[workspace.package]\nversion = \"1.2.3\"\n"),
            (
                "core/src/lib.rs",
                "#[doc = include_str!(\"../../docs/rust.md\")]\n    let a = 1;\n\n    let b = 2;\n",
            ),
            ("a/src/test/kotlin/A.kt", "fun a() {\n    b()\n    c()\n}\n"),
            ("a/src/main/kotlin/B.kt", "fun shipped() {}\n"),
            (
                "tools/shell/check-apple",
                "DOCUMENTS=(docs/ios.md \"$PACKAGE/README.md\")\n",
            ),
            ("sandbox/src/cli/serve.rs", "    ca_file: Option<PathBuf>,\n"),
        ]);
        let pages = [
            Page::read(path, &format!("```{language}\n{code}\n```\n")),
            Page::read("docs/ios.md", "```swift\nlet a = 1\nlet b = 2\n```\n"),
        ];
        let mut found = unchecked(&pages[0], &pages, &tree).unwrap();
        for problem in &mut found {
            *problem = problem.split_once(": ").unwrap().1.to_owned();
        }
        found
    }

    #[test]
    fn what_is_checked_elsewhere_or_holds_is_not_reported() {
        for (path, language, code) in [
            ("docs/rust.md", "rust,no_run", "fn main() {}"),
            ("docs/a.md", "rust", "let a = 1;\n\nlet b = 2;"),
            ("docs/a.md", "kotlin", "b()\nc()"),
            (
                "docs/a.md",
                "kotlin",
                "// settings.gradle.kts\nimplementation(\"dev.salekit:salekit-android:1.2.3\")",
            ),
            ("docs/a.md", "kt", "// app/build.gradle.kts\nandroid { }"),
            ("docs/ios.md", "swift", "let x = 1"),
            ("bindings/swift/README.md", "swift", "let x = 1"),
            ("docs/a.md", "swift", "let b = 2"),
            (
                "docs/a.md",
                "sh",
                "cargo run -- serve --ca-file x \\\n    --help  # an option: --none",
            ),
            ("docs/a.md", "json", "{ \"a\": 1 }"),
            ("docs/a.md", "toml", "a = 1"),
            ("docs/a.md", "xml", "<a b=\"c\">\n<d />\n<version>1.2.3</version></a>"),
            (
                "docs/a.md",
                "xml",
                "<a android:name=\"b\" />\n<!-- and -->\n<a tools:node=\"merge\" />",
            ),
            ("docs/a.md", "xml", "<?xml version=\"1.0\"?>\n<a>&amp;</a>"),
            ("docs/a.md", "text", "anything"),
        ] {
            assert_eq!(check(path, language, code), [""; 0], "{language}: {code}");
        }
    }

    #[test]
    fn what_nothing_checks_or_does_not_hold_is_reported() {
        for (path, language, code) in [
            ("docs/a.md", "rust", "let a = 2;"),
            ("docs/a.md", "kotlin", "b()\nd()"),
            ("docs/a.md", "kotlin", "fun shipped() {}"),
            (
                "docs/a.md",
                "kotlin",
                "// settings.gradle.kts\nimplementation(\"dev.salekit:salekit-android:1.2.2\")",
            ),
            (
                "docs/a.md",
                "kotlin",
                "// settings.gradle.kts\nimplementation(\"dev.salekit:salekit-ios:1.2.3\")",
            ),
            ("docs/a.md", "swift", "let x = 1"),
            ("docs/a.md", "sh", "if true"),
            ("docs/a.md", "sh", "cargo run -- serve --none"),
            ("docs/a.md", "sh", concat!("true && ./scripts", "/none")),
            ("docs/a.md", "json", "{ \"a\" }"),
            ("docs/a.md", "toml", "a 1"),
            ("docs/a.md", "xml", "<a><b></a>"),
            ("docs/a.md", "xml", "<a>"),
            ("docs/a.md", "xml", "<a b=c />"),
            ("docs/a.md", "xml", "<a b=\"1\" b=\"2\" />"),
            ("docs/a.md", "xml", "<a>&name;</a>"),
            ("docs/a.md", "xml", "<a androi:name=\"b\" />"),
            ("docs/a.md", "xml", "<a><!-- b </a>"),
            (
                "docs/a.md",
                "xml",
                "<d><groupId>dev.salekit</groupId><version>1.2.2</version></d>",
            ),
            ("docs/a.md", "python", "print()"),
            ("docs/a.md", "", "anything"),
            ("docs/a.md", "cobol", "STOP RUN."),
        ] {
            assert_eq!(check(path, language, code).len(), 1, "{language}: {code}");
        }
    }
}
