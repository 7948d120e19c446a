/** A small application that finds the adapter by JNDI only, so the application server does not know that it needs its classes. */
package org.genaiconnector.tests.server.jndi;
