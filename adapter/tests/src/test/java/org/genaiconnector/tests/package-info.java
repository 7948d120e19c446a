/** Classes that the packages below share. */
package org.genaiconnector.tests;
