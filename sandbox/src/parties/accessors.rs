//! What a program can ask of each party and of the sandbox as a whole: the same, said once.

/// Gives `$party`, which has a `stage` and perhaps an `inspector`, what all of them have.
macro_rules! accessors {
    ($party:ident) => {
        impl $party {
            /// Its inspector, if one was asked for.
            #[must_use]
            pub fn inspector(&self) -> Option<&$crate::inspector::Inspector> {
                self.inspector.as_ref()
            }

            /// The authority that every certificate here is under, PEM.
            #[must_use]
            pub fn ca_pem(&self) -> &str {
                self.stage.authority.ca_pem()
            }

            /// Where the authority's certificate was written, if it was asked for.
            #[must_use]
            pub fn ca_file(&self) -> Option<&std::path::Path> {
                self.stage.config.ca_file.as_deref()
            }

            /// What it sees and does from now on.
            #[must_use]
            pub fn observe(&self) -> tokio::sync::broadcast::Receiver<$crate::stage::Observation> {
                self.stage.observer.listen()
            }

            /// What happens to the next sales of a device.
            pub fn script(&self, device_serial_number: &str, script: $crate::script::Script) {
                self.stage.scripts.set(device_serial_number, script);
            }

            /// Stops listening, ends the sales in progress where they are, and returns when all is closed.
            pub async fn shutdown(self) {
                self.stage.close().await;
            }
        }
    };
}

pub(super) use accessors;
