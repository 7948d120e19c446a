/**
 * A small application that uses the adapter inside the application server under test: beans with injected factories for {@code
 * InjectionIT}, and for the other tests a REST resource that borrows and calls on demand.
 */
package org.genaiconnector.tests.payara.testapp;
