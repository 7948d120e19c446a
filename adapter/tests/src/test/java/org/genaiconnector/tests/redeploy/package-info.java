/**
 * Redeployment of the adapter and its application on a running Payara Micro, while clients use them.
 *
 * <p>Four archives take part. The application in package {@code load} keeps connections of both pools busy for the
 * {@link org.genaiconnector.tests.redeploy.Clients}, and is redeployed with the adapter. The one in package {@code monitor}
 * stays: through it {@link org.genaiconnector.tests.redeploy.LeakMonitor} runs administration commands and counts the
 * {@link org.genaiconnector.tests.redeploy.Leftovers}. The application in package {@code control} belongs to a do-nothing
 * adapter, to which the references lead that Payara keeps to any adapter.
 */
package org.genaiconnector.tests.redeploy;
