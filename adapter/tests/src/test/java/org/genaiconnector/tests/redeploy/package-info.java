/**
 * Redeployment of the adapter and its application on a running Payara Micro, while clients use them.
 *
 * <p>Four archives take part. The application in package {@code load} keeps connections of both pools busy for the
 * {@link org.genaiconnector.tests.redeploy.Clients}, and goes and comes with the adapter. The one in package {@code warden}
 * stays: through it {@link org.genaiconnector.tests.redeploy.Warden} runs the server's commands and learns of the
 * {@link org.genaiconnector.tests.redeploy.Remains}. The application in package {@code control} belongs to an adapter that
 * does nothing, and takes the place of what Payara keeps of any adapter.
 */
package org.genaiconnector.tests.redeploy;
