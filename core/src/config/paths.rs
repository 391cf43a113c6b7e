//! Where the requests to the merchant's server go.

/// Paths on the merchant's server. The protocol leaves them to the merchant; the defaults are those of its documents
/// and samples. `{invoiceId}` is replaced by the invoice's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantPaths {
    /// Where the app gets an access token (GET); `None` if the app always provides its own.
    pub access_token: Option<String>,
    /// Initiate sale (POST).
    pub initiate: String,
    /// SaleKit's extension: the session token of an invoice (POST); `None` if the merchant does not offer it.
    pub session_token: Option<String>,
    /// SaleKit's extension: the stored card of an invoice (POST); `None` if the merchant does not offer it.
    pub stored_card: Option<String>,
}

impl Default for MerchantPaths {
    fn default() -> Self {
        Self {
            access_token: Some("/auth/request-access-token".to_owned()),
            initiate: "/sale/initiate-sale".to_owned(),
            session_token: Some("/sale/{invoiceId}/session-token".to_owned()),
            stored_card: Some("/sale/{invoiceId}/stored-card".to_owned()),
        }
    }
}
