/** The connection factories and workflow templates of Storyboard, for application servers other than Payara. */
package org.genaiconnector.storyboard.definitions;
