/** What strangers get: the published artifacts, built once more from a copy of the sources, and used from an empty directory. */
package org.genaiconnector.tests.release;
