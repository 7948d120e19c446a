/**
 * Message inflow in a {@link org.genaiconnector.ra.TestContainer}: {@link org.genaiconnector.ra.inflow.TestInflow} has an adapter and
 * a bean, {@link org.genaiconnector.ra.inflow.TestEndpoints} watches over the order of every delivery.
 */
package org.genaiconnector.ra.inflow;
