/** The application that uses the adapter, redeployed with it. */
package org.genaiconnector.tests.redeploy.load;
