//! Empty. What matters is the manifest: see there.
