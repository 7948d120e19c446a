/**
 * The installation verification test: one page and one JSON document with the outcomes of checks on pools of the adapter. It needs
 * servlets, EJB Lite, message-driven beans, JSON-P and JNDI, and no other part of an application server.
 */
package org.genaiconnector.ivt;
