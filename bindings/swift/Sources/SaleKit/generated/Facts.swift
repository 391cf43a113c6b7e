// Written by scripts/generate-bindings from the core. Change that, not this file.

/// What an outcome says of the money.
enum OutcomeCharges {
    static var approved: Charge { .charged }
    static var declined: Charge { .notCharged }
    static var notCharged: Charge { .notCharged }
    static var unknown: Charge { .unknown }
}
