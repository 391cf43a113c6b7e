# shellcheck shell=bash
# The Java side of a release: its version and dependencies, reproducible archives, a Maven repository in a folder.
# Sourced after common.sh.

# Sourced, not run, so its variables are used elsewhere.
# shellcheck disable=SC2034
GROUP=dev.salekit
KOTLIN=$PROJECT/bindings/kotlin
ANDROID=$PROJECT/bindings/kotlin-android
TESTING=$PROJECT/bindings/kotlin-testing
REPOSITORY=${CARGO_TARGET_DIR:-$PROJECT/target}/maven
# The time of every entry of an archive, so that archives are reproducible.
ARCHIVE_DATE=1980-02-01T00:00:00Z

# field NAME: of [workspace.package] in Cargo.toml.
field() {
    awk -v key="$1" '
        /^\[/ { inside = ($0 == "[workspace.package]") }
        inside && $1 == key { gsub(/"/, "", $3); print $3 }' "$PROJECT/Cargo.toml"
}
project_version() { field version; }
project_url() { field repository; }

# pom_credits: what Maven Central demands of a POM besides its coordinates, name and description. LICENSE-APACHE and LICENSE-MIT
# are in the repository's root.
pom_credits() {
    local url
    url=$(project_url)
    cat <<POM
  <url>$url</url>
  <licenses>
    <license>
      <name>Apache-2.0</name>
      <url>$url/blob/v$(project_version)/LICENSE-APACHE</url>
    </license>
    <license>
      <name>MIT</name>
      <url>$url/blob/v$(project_version)/LICENSE-MIT</url>
    </license>
  </licenses>
  <developers>
    <developer>
      <name>The SaleKit authors</name>
      <url>$url</url>
    </developer>
  </developers>
  <scm>
    <connection>scm:git:$url.git</connection>
    <tag>v$(project_version)</tag>
    <url>$url</url>
  </scm>
POM
}

# with_module_metadata: the comment by which Gradle knows that beside a POM there is more (tools/gradle/print-module).
with_module_metadata() { printf '  <!-- do_not_remove: published-with-gradle-metadata -->\n'; }

AAR_METADATA=META-INF/com/android/build/gradle
# aar_metadata COMPILE_SDK PLUGIN: what Android's Gradle plugin reads of an AAR before it takes it: the least compileSdk and the least
# version of the plugin itself.
aar_metadata() {
    cat <<PROPERTIES
aarFormatVersion=1.0
aarMetadataVersion=1.0
minCompileSdk=$1
minCompileSdkExtension=0
minAndroidGradlePluginVersion=$2
coreLibraryDesugaringEnabled=false
PROPERTIES
}

# place_module ARTIFACT: Gradle's module metadata beside what is placed already.
place_module() {
    local folder
    folder=$(mktemp -d)
    "$PROJECT/tools/gradle/print-module" "$REPOSITORY/${GROUP//.//}/$1/$(project_version)" >"$folder/module"
    place "$folder/module" "$1" .module
    rm -rf "$folder"
}

# property NAME: of bindings/kotlin/pom.xml.
property() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$KOTLIN/pom.xml" | head -n 1; }

# dependency_version ARTIFACT: as bindings/kotlin/pom.xml has it, with a property of that file put in.
dependency_version() {
    local pom=$KOTLIN/pom.xml version name
    version=$(awk -v wanted="<artifactId>$1</artifactId>" '
        index($0, wanted) { found = 1 }
        found && match($0, /<version>[^<]*/) { print substr($0, RSTART + 9, RLENGTH - 9); exit }' "$pom")
    case $version in
    \$\{*\})
        name=${version#??}
        version=$(property "${name%\}}")
        ;;
    esac
    [ -n "$version" ] || die "bindings/kotlin/pom.xml names no version of $1"
    printf '%s\n' "$version"
}

# jvm_jar: prints the path of the jar for the JVM, rebuilt if a source has changed.
jvm_jar() {
    local jar
    jar=$KOTLIN/target/salekit-$(project_version).jar
    if [ ! -f "$jar" ] || [ -n "$(find "$KOTLIN/src/main" "$KOTLIN/src/generated" "$KOTLIN/pom.xml" -newer "$jar")" ]; then
        say "compiling Kotlin"
        mvn -q -B -f "$KOTLIN/pom.xml" -Dmaven.test.skip=true package >&2
    fi
    [ -f "$jar" ] || die "Maven made no $jar: do the versions in Cargo.toml and bindings/kotlin/pom.xml differ?"
    printf '%s\n' "$jar"
}

# kotlin_versions: the compiler's, and those that an app needs at least, for the projects on top of bindings/kotlin.
kotlin_versions() {
    local name
    for name in kotlin.version kotlin.oldest kotlin.stdlib.version; do printf -- '-D%s=%s\n' "$name" "$(property "$name")"; done
}

# android_maven JAR ARGUMENT...: Maven for bindings/kotlin-android, on top of the JVM's jar.
android_maven() {
    local jar=$1 versions
    shift
    mapfile -t versions < <(kotlin_versions)
    mvn -q -B -f "$ANDROID/pom.xml" -Dsalekit.jar="$jar" "${versions[@]}" \
        -Dcoroutines.version="$(dependency_version kotlinx-coroutines-core)" -Djna.version="$(dependency_version jna)" \
        -Dgson.version="$(dependency_version gson)" "$@"
}

# compiled FOLDER JAR [FILE...]: whether FOLDER/target/classes are of the sources, the JAR and the FILEs as they are now.
compiled() {
    local folder=$1 made
    shift
    made=$(find "$folder/target/classes/META-INF" -name '*.kotlin_module' 2>/dev/null | head -n 1)
    [ -n "$made" ] && [ -z "$(find "$folder/src/main" "$folder/pom.xml" "$@" -newer "$made")" ]
}

# android_compile JAR: the classes of bindings/kotlin-android, unless an earlier suite has compiled them.
android_compile() {
    compiled "$ANDROID" "$1" || android_maven "$1" compile
}

# testing_maven JAR ARGUMENT...: Maven for bindings/kotlin-testing, on top of the JVM's jar.
testing_maven() {
    local jar=$1 versions
    shift
    mapfile -t versions < <(kotlin_versions)
    mvn -q -B -f "$TESTING/pom.xml" -Dsalekit.jar="$jar" "${versions[@]}" \
        -Dcoroutines.version="$(dependency_version kotlinx-coroutines-core)" "$@"
}

# archive FILE FOLDER: packs the contents of FOLDER. Uses jar, because a machine with Java may have no zip.
archive() {
    rm -f "$1"
    mkdir -p "$(dirname "$1")"
    (cd "$2" && find . -type f | sed 's|^\./||' | LC_ALL=C sort >"$1.list" &&
        jar --create --no-manifest --date="$ARCHIVE_DATE" --file "$1" "@$1.list")
    rm -f "$1.list"
}

# place FILE ARTIFACT SUFFIX: puts FILE into the repository as ARTIFACT-VERSIONSUFFIX, with its checksums.
place() {
    local version folder name sum
    version=$(project_version)
    folder=$REPOSITORY/${GROUP//.//}/$2/$version
    name=$2-$version$3
    mkdir -p "$folder"
    cp "$1" "$folder/$name"
    for sum in md5 sha1 sha256; do
        (cd "$folder" && "${sum}sum" "$name" | cut -d' ' -f1 >"$name.$sum")
    done
}
