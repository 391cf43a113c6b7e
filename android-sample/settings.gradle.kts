pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode.set(RepositoriesMode.FAIL_ON_PROJECT_REPOS)
    repositories {
        // What scripts/package-android has made.
        maven { url = uri("../target/maven") }
        google()
        mavenCentral()
    }
}

rootProject.name = "android-sample"
include(":app")
