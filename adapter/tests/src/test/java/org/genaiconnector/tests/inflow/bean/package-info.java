/** The application with the beans. */
package org.genaiconnector.tests.inflow.bean;
