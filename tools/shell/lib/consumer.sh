# shellcheck shell=bash
# The project in tools/consumer, which uses SaleKit only from target/maven, and a sandbox for its sale. Sourced after
# common.sh and maven.sh. tools/shell/build-android --jvm builds the artefacts.

# consumer_platform: the classifier of this machine's native library.
consumer_platform() {
    case $(uname -sm) in
    'Linux x86_64') echo linux-x86-64 ;;
    'Linux aarch64') echo linux-aarch64 ;;
    *) die "there is no native library for $(uname -sm)" ;;
    esac
}

# build_consumer FOLDER: compiles a copy of the project there; target/classpath then names the jars that it needs.
build_consumer() {
    cp -R "$PROJECT/tools/consumer/." "$1/"
    # Otherwise Maven would use its copies of earlier builds of the same version.
    rm -rf "$CACHE/consumer-maven/dev/salekit"
    mvn -q -B -f "$1/pom.xml" -Dmaven.repo.local="$CACHE/consumer-maven" -Dsalekit.version="$(project_version)" \
        -Dsalekit.repository="$REPOSITORY" -Dsalekit.platform="$(consumer_platform)" package
}

# start_sandbox FOLDER [OPTION...]: starts a sandbox that answers, with ready.json and ca.pem there. SANDBOX_PID is to be stopped.
start_sandbox() {
    local folder=$1
    shift
    cargo build --quiet --locked --manifest-path "$PROJECT/Cargo.toml" --package salekit-sandbox
    "${CARGO_TARGET_DIR:-$PROJECT/target}/debug/salekit-sandbox" serve --gateway-port 0 --merchant-port 0 --no-inspect \
        --ready-file "$folder/ready.json" "$@" >"$folder/sandbox.log" 2>&1 &
    SANDBOX_PID=$!
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        [ ! -f "$folder/ready.json" ] || break
        kill -0 "$SANDBOX_PID" 2>/dev/null || die "the sandbox ended: $(tail -n 3 "$folder/sandbox.log")"
        sleep 0.1
    done
    printf '%b' "$(ready_value "$folder" ca_pem)" >"$folder/ca.pem"
}

ready_value() { sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" "$1/ready.json"; }

# checkout FOLDER CLASSPATH [JAVA_OPTION...]: the consumer's sale against the sandbox of FOLDER.
checkout() {
    local folder=$1 classpath=$2
    shift 2
    java "$@" -cp "$classpath" shop.Checkout \
        "$(ready_value "$folder" gateway_url)" "$(ready_value "$folder" merchant_url)" "$folder/ca.pem"
}
