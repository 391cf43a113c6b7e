//! Makes the scaffolding of the contract in `udl/`.

fn main() {
    let contract = "../udl/salekit.udl";
    println!("cargo::rerun-if-changed={contract}");
    // Not `generate_scaffolding`: it takes the folder above the contract's for the crate and looks for a package there.
    if let Err(error) = uniffi::generate_scaffolding_for_crate(contract, "salekit") {
        println!("cargo::error={contract}: {error:#}");
    }
}
