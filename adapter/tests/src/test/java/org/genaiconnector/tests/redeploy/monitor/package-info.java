/**
 * A small application that stays deployed during all redeployments: it runs administration commands
 * and counts what is left behind. It refers to no class of the adapter, because it would keep the adapter alive itself.
 */
package org.genaiconnector.tests.redeploy.monitor;
