/** What the packages below share: waiting without guessing how long. */
package org.genaiconnector.tests;
