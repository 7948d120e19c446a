/** The application that tests deploy beside the adapter. */
package org.genaiconnector.containers.beans;
