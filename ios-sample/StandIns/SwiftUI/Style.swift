//! The page's style sheet: about what iOS 17 makes of a form, in both colour schemes.

@MainActor func document(_ page: Page) -> String {
    let environment = page.environment
    let scheme = environment.colorScheme == .dark ? "dark" : "light"
    let direction = environment.layoutDirection == .rightToLeft ? "rtl" : "ltr"
    let scale = environment.dynamicTypeSize.isAccessibilitySize ? 1.6 : 1
    return """
        <!doctype html><html dir=\(direction) class=\(scheme)><meta charset=utf-8><style>:root{--s:\(scale)}\(sheet)</style>
        <h1>\(escaped(page.title))</h1>\(page.finished)</html>
        """
}

private let sheet = """
    .light{--page:#f2f2f7;--card:#fff;--line:#d5d5d8;--text:#000;--dim:#86868b;--hint:#b9b9bd;--fill:#ececee;
    --red:#d70015;--green:#248a3d;--orange:#c93400;--blue:#007aff}
    .dark{--page:#000;--card:#1c1c1e;--line:#38383a;--text:#fff;--dim:#98989f;--hint:#5f5f64;--fill:#2c2c2e;
    --red:#ff6961;--green:#30d158;--orange:#ff9f0a;--blue:#0a84ff}
    *{box-sizing:border-box} html{background:var(--page);color:var(--text)}
    body{margin:0;width:390px;padding-bottom:24px;font:calc(17px*var(--s))/1.3 -apple-system,Inter,"Noto Sans","Liberation Sans",Arial,sans-serif}
    h1{font-size:calc(34px*(1 + (var(--s) - 1)*.5));line-height:1.2;margin:52px 20px 14px;font-weight:700}
    h2{font-size:calc(13px*var(--s));font-weight:400;color:var(--dim);margin:26px 36px 7px}
    footer{font-size:calc(13px*var(--s));color:var(--dim);margin:7px 36px 0}
    section{background:var(--card);border-radius:10px;margin:0 20px;overflow:hidden} section+section,footer+section{margin-top:24px}
    .row{padding:11px 16px;min-height:44px;position:relative} .row+.row::before{content:"";position:absolute;top:0;inset-inline:16px 0;border-top:.5px solid var(--line)}
    .styled{display:contents} .text{display:block} [dir=rtl] :is(.text,button,h2){unicode-bidi:plaintext;text-align:right} .v{display:flex;flex-direction:column} .v.center{align-items:center;text-align:center}
    .h{display:flex} .h.center{align-items:center} .h.firstTextBaseline{align-items:baseline} .h>.v{flex:1;min-width:0} .spacer{flex:1}
    .field{display:flex;align-items:center;min-height:calc(26px*var(--s));gap:8px}
    .field span{flex:1;min-width:0;white-space:nowrap;overflow:hidden} .field.roundedRect{border:1px solid var(--line);border-radius:6px;padding:4px 8px;min-height:calc(36px*var(--s))}
    .field em{font:700 11px/24px -apple-system,Inter,"Liberation Sans",Arial,sans-serif;width:36px;height:24px;border-radius:4px;background:var(--fill);text-align:center;flex:none}
    .placeholder{color:var(--hint)} .systemRed,.red{color:var(--red)} .secondary{color:var(--dim)} .green{color:var(--green)} .orange{color:var(--orange)}
    .largeTitle{font-size:calc(34px*(1 + (var(--s) - 1)*.5));line-height:1.2} .title2{font-size:calc(22px*(1 + (var(--s) - 1)*.7));line-height:1.25} .headline{font-weight:600} .footnote{font-size:calc(13px*var(--s))} .bold{font-weight:700} .fixed{white-space:nowrap}
    button{background:none;border:0;padding:0;color:var(--blue);font:inherit;width:100%;text-align:start} button:disabled{color:var(--hint)}
    .row:has(.prominent){padding:0} .prominent button{background:var(--blue);color:#fff;text-align:center!important;font-weight:600;padding:13px 16px;min-height:50px} .prominent button:disabled{background:var(--fill);color:var(--hint)}
    .symbol{width:calc(28px*var(--s));height:calc(28px*var(--s));flex:none;fill:currentColor;stroke:none} .symbol path{fill:none;stroke:var(--card);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
    .spin{flex:none;width:20px;height:20px;border:2.5px solid var(--hint);border-top-color:var(--dim);border-radius:50%}
    """
