//! Generates the Kotlin or the Swift sources of the contract from a built library:
//! `salekit-bindgen kotlin|swift LIBRARY DIRECTORY`; and both languages' sources of the sentences for payers:
//! `salekit-bindgen messages LISTS DIRECTORY`; and of what the core decides: `salekit-bindgen facts DIRECTORY`.
//!
//! The standard generator expects the contract in the crate's `src`. Ours is in `udl/`, so this program passes the
//! path.

mod codable;
mod facts;
mod messages;
mod quiet;

use std::fs;

use anyhow::{Context, bail};
use camino::Utf8PathBuf;
use uniffi_bindgen::{
    BindgenPaths, BindgenPathsLayer,
    bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths},
};

struct Contracts {
    folder: Utf8PathBuf,
}

impl BindgenPathsLayer for Contracts {
    fn get_config_path(&self, _crate_name: &str) -> Option<Utf8PathBuf> {
        Some(self.folder.join("../bindings/uniffi.toml"))
    }

    fn get_udl_path(&self, _crate_name: &str, udl_name: &str) -> Option<Utf8PathBuf> {
        let path = self.folder.join(udl_name).with_extension("udl");
        path.is_file().then_some(path)
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [facts, directory] = arguments.as_slice()
        && facts == "facts"
    {
        let directory = Utf8PathBuf::from(directory);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("Facts.kt"), facts::kotlin()?)?;
        fs::write(directory.join("Facts.swift"), facts::swift()?)?;
        return Ok(());
    }
    let [language, library, directory] = arguments.as_slice() else {
        bail!("usage: salekit-bindgen kotlin|swift LIBRARY DIRECTORY, messages LISTS DIRECTORY, or facts DIRECTORY");
    };
    if language == "messages" {
        let messages = messages::Messages::read(library.as_str().into())?;
        let directory = Utf8PathBuf::from(directory);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("Sentences.kt"), messages.kotlin())?;
        fs::write(directory.join("Sentences.swift"), messages.swift())?;
        return Ok(());
    }
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        other => bail!("SaleKit has no bindings for {other}; use kotlin or swift"),
    };
    let is_kotlin = matches!(language, TargetLanguage::Kotlin);
    let mut paths = BindgenPaths::default();
    paths.add_layer(Contracts {
        folder: Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../udl"),
    });
    let options = GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: directory.into(),
        // Do not format: formatters differ from machine to machine.
        format: false,
        ..GenerateOptions::default()
    };
    generate_with_bindgen_paths(options, paths).with_context(|| format!("the contract in {library}"))?;
    if is_kotlin {
        let made = Utf8PathBuf::from(directory).join("dev/salekit/ffi/salekit.kt");
        fs::write(&made, quiet::quiet(&fs::read_to_string(&made)?))?;
    } else {
        let made = Utf8PathBuf::from(directory).join("SaleKitGenerated.swift");
        fs::write(&made, codable::codable(&fs::read_to_string(&made)?)?)?;
    }
    Ok(())
}
