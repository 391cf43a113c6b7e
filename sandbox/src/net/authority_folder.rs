//! The sandbox's certificate authority in a folder, so that a device that was made to trust it once trusts the next run too. What it
//! issues is `tls`.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use crate::error::SandboxError;

const CERTIFICATE: &str = "sandbox-ca.pem";
const KEY: &str = "sandbox-ca-key.pem";

/// A certificate and its key, as they are kept.
pub(crate) struct Kept {
    pub(crate) certificate_pem: String,
    pub(crate) key: KeyPair,
}

/// The authority of `folder`; a new one, made of `params`, if it holds none.
pub(crate) fn keep(folder: &Path, params: &CertificateParams) -> Result<Kept, SandboxError> {
    let (certificate, key) = (folder.join(CERTIFICATE), folder.join(KEY));
    match (read(&certificate)?, read(&key)?) {
        (None, None) => {
            fs::create_dir_all(folder).map_err(failed(folder))?;
            let fresh = KeyPair::generate()?;
            let certificate_pem = params.self_signed(&fresh)?.pem();
            write_secret(&key, &fresh.serialize_pem())?;
            fs::write(&certificate, &certificate_pem).map_err(failed(&certificate))?;
            Ok(Kept {
                certificate_pem,
                key: fresh,
            })
        }
        (Some(certificate_pem), Some(key_pem)) => {
            let unusable = |reason: &str| SandboxError::Authority {
                path: folder.display().to_string(),
                reason: format!("{reason}; delete both files to have a new authority, which devices must trust anew"),
            };
            let key = KeyPair::from_pem(&key_pem).map_err(|_| unusable(&format!("{KEY} is no private key")))?;
            let der = CertificateDer::from_pem_slice(certificate_pem.as_bytes())
                .map_err(|_| unusable(&format!("{CERTIFICATE} is no certificate")))?;
            // A certificate holds its public key as it is.
            let public = key.public_key_raw();
            if !der.windows(public.len()).any(|part| part == public) {
                return Err(unusable(&format!("{CERTIFICATE} and {KEY} do not belong together")));
            }
            Ok(Kept { certificate_pem, key })
        }
        (Some(_), None) => Err(missing(folder, KEY, CERTIFICATE)),
        (None, Some(_)) => Err(missing(folder, CERTIFICATE, KEY)),
    }
}

fn missing(folder: &Path, lost: &str, left: &str) -> SandboxError {
    SandboxError::Authority {
        path: folder.display().to_string(),
        reason: format!("{lost} is missing; bring it back, or delete {left} too to have a new authority"),
    }
}

fn read(file: &PathBuf) -> Result<Option<String>, SandboxError> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(file)(error)),
    }
}

/// Writes a new file that only its owner can read, where the system knows owners.
fn write_secret(file: &Path, text: &str) -> Result<(), SandboxError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file).map_err(failed(file))?;
    opened.write_all(text.as_bytes()).map_err(failed(file))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> SandboxError {
    let path = path.display().to_string();
    move |error| SandboxError::Authority {
        path,
        reason: error.to_string(),
    }
}
