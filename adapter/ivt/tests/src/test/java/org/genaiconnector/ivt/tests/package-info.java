/** Runs the installation verification test on every supported application server, and keeps {@code docs/servers.md}. */
package org.genaiconnector.ivt.tests;
