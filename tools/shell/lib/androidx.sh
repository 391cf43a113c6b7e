# shellcheck shell=bash
# What Gradle's Android plugin does for an app, with the same tools and without Gradle: fetches and unpacks AndroidX, merges
# manifests, compiles and links resources. Sourced after common.sh, debian.sh and maven.sh.

ANDROIDX_LOCK=$PROJECT/bindings/kotlin-compose/androidx.lock
# The layout of what is unpacked; another number makes all clones unpack anew.
ANDROIDX=$CACHE/androidx
ANDROIDX_LAYOUT=1
MANIFEST_MERGER=com.android.tools.build:manifest-merger:32.5.1
# aapt2 and the framework's resources. trixie's: older ones lack attributes that AndroidX names.
AAPT=$CACHE/aapt

locked() { grep -v '^#' "$ANDROIDX_LOCK"; }

m2() { printf '%s\n' "${MAVEN_REPOSITORY:-$HOME/.m2/repository}"; }
# maven_file GROUP ARTIFACT VERSION PACKAGING: where Maven puts it.
maven_file() { printf '%s/%s/%s/%s/%s-%s.%s\n' "$(m2)" "${1//.//}" "$2" "$3" "$2" "$3" "$4"; }

# a_pom: a project that needs what it reads, lines of "group artifact version packaging", and nothing of what these name.
a_pom() {
    local group artifact version packaging
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>dev.salekit</groupId>'
    echo '<artifactId>fetched</artifactId><version>1</version><packaging>pom</packaging><dependencies>'
    while read -r group artifact version packaging; do
        echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version><type>$packaging</type>"
        echo '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>'
    done
    echo '</dependencies></project>'
}

# fetch_androidx: has Maven fetch what is locked. Prints what it could not get, and fails then.
fetch_androidx() {
    local work missing
    work=$(mktemp -d)
    locked | a_pom >"$work/pom.xml"
    # One that is not served must not hide the others.
    mvn -q -B -ntp -fae -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:resolve >"$work/log" 2>&1 || true
    missing=$(locked | while read -r group artifact version packaging; do
        [ -f "$(maven_file "$group" "$artifact" "$version" "$packaging")" ] || echo "$group:$artifact:$version ($packaging)"
    done)
    rm -rf "$work"
    [ -z "$missing" ] || {
        printf 'no Maven repository of this machine serves %s\n' "$missing"
        return 1
    }
}

# the_aapt COMMAND...: aapt2 of the PATH, else Debian's in a root of its own.
the_aapt() { if have aapt2; then aapt2 "$@"; else in_root "$AAPT" aapt2 "$@"; fi; }

# The framework as aapt2 links against it.
framework_res() { printf '%s\n' "$AAPT/usr/share/android-framework-res/framework-res.apk"; }

# is_for_tests GROUP ARTIFACT: what only tests load is kept apart from what an app carries.
is_for_tests() {
    case $1.$2 in
    androidx.test* | *.ui-test-* | *hamcrest* | javax.inject*) true ;;
    *) false ;;
    esac
}

# unpack_androidx: fills the cache. main.jar and test.jar; res/ with each AAR's resources as aapt2 has compiled them;
# manifests/; packages, the names of those with an R class; rules/ for R8.
unpack_androidx() {
    local what group artifact version packaging file into aar work
    what="$ANDROIDX_LAYOUT $(locked | sha256sum)"
    stamped "$ANDROIDX" "$what" && return
    debian_root "$AAPT" trixie aapt android-framework-res base-files coreutils
    say "unpacking AndroidX (once)"
    discard "$ANDROIDX"
    mkdir -p "$ANDROIDX"/{main,test,res,manifests,rules}
    : >"$ANDROIDX/packages"
    work=$(mktemp -d "$CACHE/aar.XXXXXX")
    while read -r group artifact version packaging; do
        file=$(maven_file "$group" "$artifact" "$version" "$packaging")
        into=$ANDROIDX/main
        if is_for_tests "$group" "$artifact"; then into=$ANDROIDX/test; fi
        if [ "$packaging" = jar ]; then
            (cd "$into" && jar --extract --file "$file")
            continue
        fi
        aar=$work/$group.$artifact
        mkdir -p "$aar"
        (cd "$aar" && jar --extract --file "$file")
        for file in "$aar/classes.jar" "$aar"/libs/*.jar; do
            [ ! -f "$file" ] || (cd "$into" && jar --extract --file "$file")
        done
        [ "$into" = "$ANDROIDX/main" ] || continue
        cp "$aar/AndroidManifest.xml" "$ANDROIDX/manifests/$group.$artifact.xml"
        [ ! -f "$aar/proguard.txt" ] || cp "$aar/proguard.txt" "$ANDROIDX/rules/$group.$artifact.pro"
        [ ! -s "$aar/R.txt" ] || sed -n 's/.*package="\([^"]*\)".*/\1/p' "$aar/AndroidManifest.xml" | head -n 1 >>"$ANDROIDX/packages"
        [ -z "$(find "$aar/res" -type f 2>/dev/null)" ] || the_aapt compile --dir "$aar/res" -o "$ANDROIDX/res/$group.$artifact.zip"
    done < <(locked)
    rm -rf "$work"
    for into in main test; do
        (cd "$ANDROIDX/$into" && rm -rf META-INF/MANIFEST.MF META-INF/versions && jar --create --no-manifest --file "../$into.jar" .)
    done
    rm -rf "$ANDROIDX/main" "$ANDROIDX/test"
    write_stamp "$ANDROIDX" "$what"
}

# androidx: makes sure of the cache; prints what is not served, and fails then.
androidx() {
    fetch_androidx && with_lock androidx unpack_androidx
}

# need_androidx: the same for a suite, which is left out where AndroidX is not served. It fails if anything else does.
need_androidx() {
    fetch_androidx || leave_out 'no Maven repository of this machine serves AndroidX'
    with_lock androidx unpack_androidx
}

# androidx_wants KEY: the highest value among what the locked AARs, other than those for tests, say of themselves.
androidx_wants() {
    local group artifact version packaging
    locked | while read -r group artifact version packaging; do
        if [ "$packaging" = aar ] && ! is_for_tests "$group" "$artifact"; then maven_file "$group" "$artifact" "$version" aar; fi
    done | python3 -c '
import sys, zipfile
for path in sys.stdin.read().split():
    with zipfile.ZipFile(path) as aar:
        if sys.argv[1] in aar.namelist():
            print(aar.read(sys.argv[1]).decode())' "$AAR_METADATA/aar-metadata.properties" |
        sed -n "s/^$1=//p" | sort -V | tail -n 1
}

# merger_classpath: prints the manifest merger's class path.
merger_classpath() {
    local list=$CACHE/manifest-merger work
    if ! stamped "$list" "$MANIFEST_MERGER"; then
        mkdir -p "$list"
        work=$(mktemp -d)
        cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>dev.salekit</groupId>
<artifactId>merger</artifactId><version>1</version><packaging>pom</packaging><dependencies><dependency>
<groupId>${MANIFEST_MERGER%%:*}</groupId><artifactId>manifest-merger</artifactId><version>${MANIFEST_MERGER##*:}</version>
</dependency></dependencies></project>
POM
        mvn -q -B -ntp -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
            -Dmdep.outputFile="$list/path" >&2
        rm -rf "$work"
        write_stamp "$list" "$MANIFEST_MERGER"
    fi
    cat "$list/path"
}

# merge_manifests PACKAGE APP_MANIFEST OUT LIBRARY_MANIFEST...: as the Android plugin does.
merge_manifests() {
    local package=$1 main=$2 out=$3
    shift 3
    local IFS=:
    java -cp "$(merger_classpath)" com.android.manifmerger.Merger --main "$main" --libs "$*" --out "$out" \
        --property PACKAGE="$package" --property MIN_SDK_VERSION=24 --property TARGET_SDK_VERSION=35 \
        --property VERSION_CODE=1 --property VERSION_NAME="$(project_version)" --log ERROR
}

# link_app PACKAGE MANIFEST RES OUT [LIBRARY_MANIFEST...]: resources.ap_, R classes and what tells Robolectric of both, in OUT.
# RES is the app's own folder of resources, or nothing.
link_app() {
    local package=$1 manifest=$2 res=$3 out=$4 own=() extra work
    shift 4
    work=$out/work
    rm -rf "$out"
    mkdir -p "$work/gen" "$work/r" "$work/assets" "$out/config/com/android/tools"
    merge_manifests "$package" "$manifest" "$out/AndroidManifest.xml" "$@" "$ANDROIDX"/manifests/*.xml
    if [ -n "$res" ]; then
        the_aapt compile --dir "$res" -o "$work/app.zip"
        own=(-R "$work/app.zip")
    fi
    extra=$(sort -u "$ANDROIDX/packages" | paste -sd : -)
    the_aapt link -I "$(framework_res)" --manifest "$out/AndroidManifest.xml" -o "$out/resources.ap_" --auto-add-overlay \
        --java "$work/gen" --extra-packages "$extra" --proguard "$out/aapt.pro" "$ANDROIDX"/res/*.zip "${own[@]}"
    find "$work/gen" -name '*.java' >"$work/sources"
    javac -nowarn -proc:none --release 11 -d "$work/r" "@$work/sources"
    (cd "$work/r" && jar --create --no-manifest --file "$out/r.jar" .)
    cat >"$out/config/com/android/tools/test_config.properties" <<CONFIG
android_resource_apk=$out/resources.ap_
android_merged_manifest=$out/AndroidManifest.xml
android_custom_package=$package
android_merged_assets=$work/assets
CONFIG
}

# What has Jetpack Compose in it.
COMPOSE=$PROJECT/bindings/kotlin-compose

# compose_maven FOLDER JAR ARGUMENT...: Maven for a project with Compose, on top of the JVM's jar, with AndroidX in the cache.
# Its tests run on API 35, and on API 24 too where SALEKIT_PROFILE=long.
compose_maven() {
    local folder=$1 jar=$2 skip_oldest=true versions
    shift 2
    mapfile -t versions < <(kotlin_versions)
    [ "${SALEKIT_PROFILE:-}" != long ] || skip_oldest=false
    mvn -q -B -f "$folder/pom.xml" -Dsalekit.skip.oldest="$skip_oldest" -Dsalekit.jar="$jar" -Dandroidx="$ANDROIDX" "${versions[@]}" \
        -Dcoroutines.version="$(dependency_version kotlinx-coroutines-core)" -Djna.version="$(dependency_version jna)" \
        -Dgson.version="$(dependency_version gson)" "$@"
}

# compose_compile JAR: the classes of bindings/kotlin-compose, unless an earlier suite has compiled them.
compose_compile() {
    compiled "$COMPOSE" "$1" "$ANDROIDX_LOCK" || {
        link_fields
        compose_maven "$COMPOSE" "$1" compile
    }
}

# link_fields: the app that the tests of bindings/kotlin-compose are in.
link_fields() {
    link_app dev.salekit.compose.test "$COMPOSE/src/test/AndroidManifest.xml" '' "$COMPOSE/target/linked" "$COMPOSE/AndroidManifest.xml"
}
