//! Which of the contract's values are public, by name. Whatever is not listed here, or written in this module, is not
//! part of SaleKit. What the members mean is said once, in the contract, and shown with the members themselves.

public import SaleKitGenerated

// MARK: What a sale is of

/// An amount: whole minor units of an ISO 4217 currency.
public typealias Money = SaleKitGenerated.Money
/// Who pays, and with which device.
public typealias Consumer = SaleKitGenerated.Consumer
/// Where the consumer is; for the merchant's server only.
public typealias SaleLocation = SaleKitGenerated.SaleLocation
/// A sale to be made, without what it is paid from.
///
/// Give an `accessToken`, and let it mean something: your server, which knows who is logged in and what they ordered, makes a
/// token for this one order and this one user. The app hands it over here, and in initiate sale your server compares amount and
/// `merchantOrderId` with what it made the token for. So no one pays another amount than was ordered, or for another's order.
/// Without a token here SaleKit asks your server for one (`MerchantPaths.accessToken`): that one can only say which device asks.
public typealias SaleRequest = SaleKitGenerated.SaleRequest
/// A card that the merchant keeps. What the merchant does not tell of it is `nil`.
public typealias StoredCard = SaleKitGenerated.StoredCard
/// The last month in which a stored card is good.
public typealias CardExpiry = SaleKitGenerated.CardExpiry

// MARK: How a sale ends

/// Whether money moved.
public typealias Charge = SaleKitGenerated.Charge
/// What the gateway told of an approved sale.
public typealias SaleReceipt = SaleKitGenerated.SaleReceipt
/// What may be shown and kept of a card.
public typealias CardSummary = SaleKitGenerated.CardSummary
/// What the issuer's authentication came to.
public typealias ThreeDSecureStatus = SaleKitGenerated.ThreeDSecureStatus
/// What the gateway told of a declined sale.
public typealias Decline = SaleKitGenerated.Decline
/// What the payer can do after a decline.
public typealias DeclineAdvice = SaleKitGenerated.DeclineAdvice
/// Why a sale ended before anything could be charged.
public typealias NotCharged = SaleKitGenerated.NotCharged
/// The reasons of ``NotCharged``.
public typealias NotChargedReason = SaleKitGenerated.NotChargedReason
/// A sale whose end is not known on this device.
public typealias UnknownOutcome = SaleKitGenerated.UnknownOutcome
/// The reasons of ``UnknownOutcome``.
public typealias UnknownReason = SaleKitGenerated.UnknownReason
/// What to do about an unknown outcome.
public typealias UnknownAdvice = SaleKitGenerated.UnknownAdvice
/// What went wrong with a request.
public typealias FailureKind = SaleKitGenerated.FailureKind
/// A stored sale whose snapshot cannot be used.
public typealias DamagedSale = SaleKitGenerated.DamagedSale
/// The gateway and the merchant's server of a client, and of each sale that it starts.
public typealias Parties = SaleKitGenerated.Parties
/// Which server of the merchant's a client asks.
public typealias MerchantServer = SaleKitGenerated.MerchantServer

// MARK: Configuration

/// Paths on the merchant's server.
public typealias MerchantPaths = SaleKitGenerated.MerchantPaths
/// The pace of status requests.
public typealias PacingProfile = SaleKitGenerated.PacingProfile

// MARK: The card

/// The payment scheme a card belongs to.
public typealias CardBrand = SaleKitGenerated.CardBrand
/// A field of a card form.
public typealias CardField = SaleKitGenerated.CardField
/// Which names a form asks for.
public typealias HolderFields = SaleKitGenerated.HolderFields
/// How much of the number a form shows.
public typealias Masking = SaleKitGenerated.Masking
/// What to show in a field: the answer to every edit.
public typealias FieldState = SaleKitGenerated.FieldState
/// How far a field is.
public typealias Validity = SaleKitGenerated.Validity
/// What a number, as far as it is typed, tells of its card.
public typealias CardHints = SaleKitGenerated.CardHints

// MARK: Ports

/// What became of asking a store for a lock.
public typealias StoreLock = SaleKitGenerated.StoreLock
/// A line of the log.
public typealias LogLine = SaleKitGenerated.LogLine
/// How important a log line is.
public typealias LogLevel = SaleKitGenerated.LogLevel
/// What the merchant's server is told to initiate a sale.
public typealias InitiateSaleRequest = SaleKitGenerated.InitiateSaleRequest
/// What the merchant's server knows of the gateway's session for an invoice.
public typealias SessionAnswer = SaleKitGenerated.SessionAnswer
/// A question about one of the merchant's invoices.
public typealias InvoiceRequest = SaleKitGenerated.InvoiceRequest
/// What the merchant's server gave: the invoice, and what proves to the gateway that the merchant asked for it.
public typealias InitiatedSale = SaleKitGenerated.InitiatedSale
/// An answer of the merchant's server that is not the one that was hoped for.
public typealias ErrorResponse = SaleKitGenerated.ErrorResponse
