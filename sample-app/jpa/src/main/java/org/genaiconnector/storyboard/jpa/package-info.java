/**
 * The archive of the stories in a database, by JPA. It is a module of its own, because it is for Payara only: other application
 * servers do not get it, and have their stories in memory.
 */
package org.genaiconnector.storyboard.jpa;
