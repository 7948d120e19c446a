/** The application that submits jobs. */
package org.genaiconnector.tests.inflow.submitter;
