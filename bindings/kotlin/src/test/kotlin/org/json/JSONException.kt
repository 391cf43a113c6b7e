package org.json

/** As Android has it, and the JVM does not. */
class JSONException(message: String) : Exception(message)
