//! A mark of letters for the card's brand. It is not a brand's logo; an app that may use logos shows those instead.

#if canImport(UIKit)
    public import UIKit

    /// A small card with the brand's first letters, hidden while the brand is unknown. VoiceOver skips it: the field
    /// says the brand's name.
    @MainActor public final class BrandMark: UILabel {
        /// The brand's own name, empty if it is not known.
        public var brandName = "" {
            didSet {
                text = letters(brandName)
                isHidden = brandName.isEmpty
            }
        }

        /// A mark without a brand, at first.
        public init() {
            super.init(frame: CGRect(x: 0, y: 0, width: 36, height: 24))
            // This is a picture, so it does not grow with the text beside it.
            font = .boldSystemFont(ofSize: 11)
            textAlignment = .center
            textColor = .label
            backgroundColor = .tertiarySystemFill
            layer.cornerRadius = 4
            layer.masksToBounds = true
            isAccessibilityElement = false
            isUserInteractionEnabled = false
            isHidden = true
        }

        @available(*, unavailable) public required init?(coder: NSCoder) { return nil }
    }

    /// "American Express" is AE, "UnionPay" UP, "Visa" VI.
    func letters(_ brandName: String) -> String {
        let capitals = brandName.filter(\.isUppercase)
        return (2...3).contains(capitals.count)
            ? capitals : String(brandName.filter { $0.isLetter || $0.isNumber }.prefix(2)).uppercased()
    }
#endif
