//! What can go wrong in a world, and which of it is known to break the engine.

use crate::oracle::Property;

/// An ingredient of worlds. Each is counted when it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    // The app.
    Cancels,
    CancelsAmidRequest,
    ClosesClient,
    OpensClientAgain,
    GoesToBackground,
    ComesToForeground,
    FindsNetwork,
    HurriesAmidRequest,
    StartsOrderAgain,
    ResumesAgain,
    ResumesRunningElsewhere,
    ResumesWithOtherGateway,
    AcknowledgesRunningElsewhere,
    AcknowledgesEarly,
    Forgets,
    ForgetsEarly,
    SetsEndlessLimits,
    // The device.
    Killed,
    KilledInSave,
    PowerCut,
    ClockForward,
    ClockBack,
    PresenterPanics,
    TransportPanics,
    ShopCodePanics,
    StorePanics,
    // The store.
    StoreSlow,
    StoreHangs,
    SaveComesLate,
    DiskFull,
    FailsAtWrite,
    FailsAtSync,
    FailsAtRename,
    FailsAtFolderSync,
    FailsToRead,
    FailsToLock,
    // The network.
    Outage,
    NotConnected,
    RequestLost,
    AnswerLost,
    AnswerDelayed,
    RequestDoubled,
    PerformDoubled,
    AnswerLeftBehind,
    StrangerAnswers,
    // The merchant.
    AccessTokenExpired,
    AccessTokenRefused,
    InitiateRefused,
    MerchantUnavailable,
    MerchantCannotTell,
    MerchantLate,
    CheckSaleLate,
    CheckSaleLost,
    StoredCardLate,
    InvoiceAgain,
    InvoiceAgainElsewhere,
    InvoiceVoided,
    // The gateway.
    PerformRefused,
    PerformNotAnswered,
    PerformAnsweredWithError,
    PerformRepeated,
    Declines,
    NeverDecides,
    AsksForChallenge,
    UnknownState,
    StatusUnavailable,
    LagsBehind,
    LagsInChallenge,
    RepeatsCard,
    RepeatsCardOddly,
    RepeatsToken,
    // The payer.
    PayerLeaves,
    PayerFails,
    ReturnIsForged,
    NoBrowser,
}

impl Fault {
    pub(crate) const ALL: &'static [Self] = {
        use Fault::*;
        &[
            Cancels,
            CancelsAmidRequest,
            ClosesClient,
            OpensClientAgain,
            GoesToBackground,
            ComesToForeground,
            FindsNetwork,
            HurriesAmidRequest,
            StartsOrderAgain,
            ResumesAgain,
            ResumesRunningElsewhere,
            ResumesWithOtherGateway,
            AcknowledgesRunningElsewhere,
            AcknowledgesEarly,
            Forgets,
            ForgetsEarly,
            SetsEndlessLimits,
            Killed,
            KilledInSave,
            PowerCut,
            ClockForward,
            ClockBack,
            PresenterPanics,
            TransportPanics,
            ShopCodePanics,
            StorePanics,
            StoreSlow,
            StoreHangs,
            SaveComesLate,
            DiskFull,
            FailsAtWrite,
            FailsAtSync,
            FailsAtRename,
            FailsAtFolderSync,
            FailsToRead,
            FailsToLock,
            Outage,
            NotConnected,
            RequestLost,
            AnswerLost,
            AnswerDelayed,
            RequestDoubled,
            PerformDoubled,
            AnswerLeftBehind,
            StrangerAnswers,
            AccessTokenExpired,
            AccessTokenRefused,
            InitiateRefused,
            MerchantUnavailable,
            MerchantCannotTell,
            MerchantLate,
            CheckSaleLate,
            CheckSaleLost,
            StoredCardLate,
            InvoiceAgain,
            InvoiceAgainElsewhere,
            InvoiceVoided,
            PerformRefused,
            PerformNotAnswered,
            PerformAnsweredWithError,
            PerformRepeated,
            Declines,
            NeverDecides,
            AsksForChallenge,
            UnknownState,
            StatusUnavailable,
            LagsBehind,
            LagsInChallenge,
            RepeatsCard,
            RepeatsCardOddly,
            RepeatsToken,
            PayerLeaves,
            PayerFails,
            ReturnIsForged,
            NoBrowser,
        ]
    };

    /// Whether it comes of other faults, or of what the engine does, so that it need not happen.
    pub(crate) const fn is_consequence(self) -> bool {
        matches!(self, Self::PerformRepeated)
    }

    /// The hole that this ingredient leads to.
    pub(crate) const fn hole(self) -> Option<Hole> {
        Some(match self {
            Self::RepeatsCardOddly | Self::RepeatsToken => Hole::RepeatedSecret,
            Self::KilledInSave => Hole::LeftFile,
            _ => return None,
        })
    }
}

/// A way in which the engine breaks a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hole {
    /// What a gateway repeats of a card or a token reaches the outcome.
    RepeatedSecret,
    /// A kill while saving leaves a temporary file with tokens.
    LeftFile,
}

impl Hole {
    /// What must hold, and does not.
    pub(crate) const fn breaks(self) -> Property {
        match self {
            Self::RepeatedSecret => Property::NoSecrets,
            Self::LeftFile => Property::LeavesNoFile,
        }
    }
}

/// The holes that are open. No normal world has what leads to them; a test sees each one broken. Who mends a hole takes
/// its line out: then all worlds have the ingredient, and no world may break.
pub(crate) const KNOWN_HOLES: &[Hole] = &[];
