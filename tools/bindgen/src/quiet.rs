//! Removes the members from the `toString` of Kotlin's generated data classes: each of them may contain a token or
//! personal data. The public classes define their own `toString`.

/// The source with a `toString` in every data class that returns only the name of the class.
pub(crate) fn quiet(source: &str) -> String {
    let mut quiet = String::with_capacity(source.len() + source.len() / 64);
    let mut class: Option<(&str, &str)> = None;
    for line in source.lines() {
        quiet.push_str(line);
        quiet.push('\n');
        if let Some((indent, declared)) = line.split_once("data class ") {
            let name = declared.split(|character: char| !character.is_alphanumeric()).next();
            class = name.filter(|_| indent.trim().is_empty()).map(|name| (indent, name));
        }
        if let Some((indent, name)) = class.filter(|_| line.trim_end().ends_with('{')) {
            quiet.push_str(&format!(
                "{indent}    override fun toString(): kotlin.String = \"{name}(…)\"\n"
            ));
            class = None;
        }
    }
    quiet
}

#[cfg(test)]
mod tests {
    use super::quiet;

    #[test]
    fn every_data_class_tells_its_name_only() {
        let made = "data class Consumer (\n    val `email`: kotlin.String? = null\n\n){\n\n    companion object\n}\n\
                    sealed class Answer {\n    data class Token(\n        val `token`: kotlin.String) : Answer()\n\n    {\n    }\n\
                    \x20   class Other {\n    }\n}\n";
        let quiet = quiet(made);
        assert!(quiet.contains("){\n    override fun toString(): kotlin.String = \"Consumer(…)\"\n"));
        assert!(quiet.contains("    {\n        override fun toString(): kotlin.String = \"Token(…)\"\n    }\n"));
        assert_eq!(quiet.matches("toString").count(), 2, "{quiet}");
    }
}
