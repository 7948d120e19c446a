/**
 * The beans of the installation verification test: calls with and without a transaction, the message-driven bean, and, in the EAR
 * only, the definitions of its pools. EJB Lite and message-driven beans are all that they need.
 */
package org.genaiconnector.ivt.beans;
