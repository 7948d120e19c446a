/** An application of the adapter that does nothing: the measure for what application servers keep of any adapter. */
package org.genaiconnector.ivt.tests.control;
