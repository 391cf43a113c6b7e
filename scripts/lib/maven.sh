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

# android_maven JAR ARGUMENT...: Maven for bindings/kotlin-android, on top of the JVM's jar.
android_maven() {
    local jar=$1
    shift
    mvn -q -B -f "$ANDROID/pom.xml" -Dsalekit.jar="$jar" -Dkotlin.version="$(property kotlin.version)" \
        -Dcoroutines.version="$(dependency_version kotlinx-coroutines-core)" -Djna.version="$(dependency_version jna)" \
        -Dgson.version="$(dependency_version gson)" "$@"
}

# testing_maven JAR ARGUMENT...: Maven for bindings/kotlin-testing, on top of the JVM's jar.
testing_maven() {
    local jar=$1
    shift
    mvn -q -B -f "$TESTING/pom.xml" -Dsalekit.jar="$jar" -Dkotlin.version="$(property kotlin.version)" \
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
