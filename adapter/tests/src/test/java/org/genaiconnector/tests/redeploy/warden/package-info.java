/**
 * A small application that outlives all redeployments in the server under test: it runs commands of the administration
 * and tells what has been left behind. It refers to no class of the adapter, or it would keep the adapter alive itself.
 */
package org.genaiconnector.tests.redeploy.warden;
