// The part of androidx.test that Robolectric tells how an app's life goes on. Nobody listens in these tests.

package androidx.test.runner.lifecycle

interface ActivityLifecycleMonitor

interface ApplicationLifecycleMonitor

@Suppress("unused")
enum class Stage { PRE_ON_CREATE, CREATED, STARTED, RESUMED, PAUSED, STOPPED, RESTARTED, DESTROYED }

@Suppress("unused")
enum class ApplicationStage { PRE_ON_CREATE, CREATED }

object ActivityLifecycleMonitorRegistry {
    @JvmStatic
    fun registerInstance(monitor: ActivityLifecycleMonitor?) = Unit
}

object ApplicationLifecycleMonitorRegistry {
    @JvmStatic
    fun registerInstance(monitor: ApplicationLifecycleMonitor?) = Unit
}
